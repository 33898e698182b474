/**
 * The types of operations as methods, derived from the registry: an operation that is added there becomes a
 * method.
 */
import type * as z from 'zod';
import type { AnswerToAll, AnswerToRows } from '../../shared/answerToRows.ts';
import type { JsonCell } from '../../shared/api.ts';
import type { OperationName } from '../../shared/manifest.ts';
import type { OPERATIONS } from '../operations/registry.ts';
import type { RemoteProblem } from './remoteProblem.ts';

type Registry = typeof OPERATIONS;
type Sent<Name extends OperationName> = z.input<Registry[Name]['body']>;
type Reply<Name extends OperationName> = z.output<Registry[Name]['answer']>;

/** Members of a body that hold rows. */
type Takes = 'rows' | 'codes';

/** Options of every call, in addition to those of the operation. */
export interface CallOptions {
  /**
   * Decides which version answers while a canary has a share of the requests: calls of one key, for instance
   * of one user, are answered by one version. Default: the rows themselves.
   */
  readonly canaryKey?: string;
}

/** Rows of float32 values, one after another; `width` values each, which must be what the model takes. */
export type FloatRows = Float32Array | { readonly data: Float32Array; readonly width: number };

type ElementOf<List> = List extends readonly (infer Element)[] ? Element : never;

/**
 * What a row, or code, of type `Row` must be: a list of values, or an object by feature name, which may be of
 * any type whose members are values.
 */
export type ListedRow<Name extends OperationName, Row> = object &
  (Sent<Name> extends { readonly rows: unknown }
    ? { readonly [Feature in keyof Row]: JsonCell }
    : ElementOf<Sent<Name>[keyof Sent<Name> & 'codes']>);

/** The options of an operation: its query parameters, and the members of its body other than the rows. */
export type Options<Name extends OperationName> = CallOptions &
  Partial<z.output<Registry[Name]['query']>> &
  Omit<Sent<Name>, Takes>;

/** The options of an operation on a whole body: its query parameters. */
type BodyOptions<Name extends OperationName> = CallOptions & Partial<z.output<Registry[Name]['query']>>;

/** The answer of an operation on rows over HTTP, with problems in the form in which calls report them. */
type RowsReply<Name extends OperationName> = Omit<Reply<Name>, 'problems'> & {
  readonly problems?: readonly RemoteProblem[];
};

/** The member of an answer that has an element per row. */
type Each<Name extends OperationName> = Registry[Name] extends { readonly each: infer Each }
  ? Each & keyof RowsReply<Name>
  : never;

/** A list as an answer, with the other members of the body as its properties. */
type AsList<Body, Each extends keyof Body> = Body extends unknown ? Body[Each] & Omit<Body, Each> : never;

/**
 * An answer for each row, in order; members that apply to all rows, such as `version`, are properties of the
 * list. If the list has `problems`, rows without an answer are null in it.
 */
export type ListedAnswer<Name extends OperationName> = AsList<AnswerToRows<RowsReply<Name>>, Each<Name>>;

/** The answer for a single row: a call of which no row can be answered throws. */
export type SingleAnswer<Name extends OperationName> = readonly [
  NonNullable<ElementOf<RowsReply<Name>[Each<Name>]>>,
] &
  Omit<AnswerToAll<RowsReply<Name>>, Each<Name>>;

/**
 * A method that takes rows and returns their answers; for float32 rows, float32 values, row after row, NaN
 * for a row without an answer.
 */
interface RowsMethod<Name extends OperationName, Model extends readonly unknown[]> {
  (...args: [...Model, rows: FloatRows, options?: Options<Name>]): Promise<Float32Array<ArrayBuffer>>;
  <Row extends ListedRow<Name, Row>>(
    ...args: [...Model, row: readonly [Row], options?: Options<Name>]
  ): Promise<SingleAnswer<Name>>;
  <Row extends ListedRow<Name, Row>>(
    ...args: [...Model, rows: readonly Row[], options?: Options<Name>]
  ): Promise<ListedAnswer<Name>>;
}

/**
 * A method that takes the body of an operation and returns its answer; a body whose members all have defaults
 * may be left out.
 */
type BodyMethod<Name extends OperationName, Model extends readonly unknown[]> = (
  ...args: Record<string, never> extends Sent<Name>
    ? [...Model, body?: Sent<Name>, options?: BodyOptions<Name>]
    : [...Model, body: Sent<Name>, options?: BodyOptions<Name>]
) => Promise<Reply<Name>>;

/** Every operation as a method; `Model` lists the arguments that come first. */
export type Methods<Model extends readonly unknown[] = []> = {
  readonly [Name in OperationName]: Registry[Name] extends { readonly kind: 'rows' }
    ? RowsMethod<Name, Model>
    : BodyMethod<Name, Model>;
};

/**
 * The methods of a service binding: those of an open model, with the name of the model as an additional first
 * argument.
 */
export type LatentedgeService = Methods<[model: string]>;
