/**
 * The definition of an operation: its bodies, and its computation on a model. Each is a file of
 * `edge/operations`.
 */
import type * as z from 'zod';
import type { UnseenCategory } from '../../shared/api.ts';
import type { GraphName, Manifest } from '../../shared/manifest.ts';
import { bytesOf, type Matrix, type NumberTensor, type Tensors } from '../../shared/tensor.ts';
import type { VectorizeIndex } from '../environment.ts';
import type { ProblemSlug } from '../problems.ts';
import type { Compared } from '../shadow/compared.ts';
import type { RefuseRow, UnansweredRows } from './rows/faults.ts';

/**
 * A model's graphs, ready to run. A row whose float32 values are not all finite is not answered, whatever an
 * operation makes of it; values of the outputs in `mayOverflow` do not count.
 */
export interface RunningModel {
  readonly manifest: Manifest;
  /** The index of item vectors outside the Worker, if one is bound. */
  readonly vectors?: VectorizeIndex | undefined;
  run<Output extends string>(
    graph: GraphName,
    inputs: Tensors,
    outputs: readonly Output[],
    mayOverflow?: readonly Output[],
  ): Promise<Record<Output, NumberTensor>>;
}

export interface Answer<Reply> {
  /** Builds the JSON body, without the members of every answer; called only if the client accepts JSON. */
  readonly body: () => Omit<Reply, 'model' | 'version'>;
  /** The rows sent to a client that accepts float32 bytes. */
  readonly binary?: Matrix;
  /** Builds other bytes from `binary`, if the client asked for rows of another type. */
  readonly packed?: () => Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The reconstruction error of each row, if it was measured. */
  readonly errors?: Float32Array;
  /** The rows that have no answer, if any: null in the lists of the body, NaN in `binary`. */
  readonly unanswered?: UnansweredRows;
  /** Categories that training did not see, if any. */
  readonly unseen?: readonly UnseenCategory[];
}

/** Returns the bytes sent to a client that accepts no JSON. */
export function binaryBytes({ binary, packed }: Answer<unknown>): Uint8Array<ArrayBuffer> {
  return packed === undefined ? bytesOf(binary!) : packed();
}

interface OperationSpec<Body, Query, Reply, Sent> {
  /** One line for the reference. */
  readonly summary: string;
  /** The graphs that it may run; rows or codes are the inputs of the first. */
  readonly graphs: readonly [GraphName, ...GraphName[]];
  /** The JSON body of a request. */
  readonly body: z.ZodType<Body, Sent>;
  /** The query parameters. */
  readonly query: z.ZodType<Query>;
  /** The JSON body of an answer. */
  readonly answer: z.ZodType<Reply>;
  /** The meaning of the float32 values of a binary answer; undefined if answers are only JSON. */
  readonly binary?: string;
  /** Headers of an answer, in addition to those of every answer. */
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  /** Problems in addition to those of every operation of its kind. */
  readonly problems?: readonly ProblemSlug[];
  /**
   * The parts of the answer to a row by which a shadow is compared with production; without it, only failures and
   * durations are counted.
   */
  readonly compared?: Compared;
  /** A request and its answer for the reference, without the members of every answer. */
  readonly example: { readonly request: Sent; readonly answer: Omit<Reply, 'model' | 'version'> };
}

/**
 * An operation that answers every row, or code, independently. Requests may carry rows as JSON, float32 bytes
 * or an image, and many rows are answered in pieces.
 */
export interface RowsOperation<
  Body = unknown,
  Query = unknown,
  Reply = unknown,
  Sent = unknown,
  Each = string,
> extends OperationSpec<Body, Query, Reply, Sent> {
  readonly kind: 'rows';
  /** The member of the JSON body that holds the rows or codes. */
  readonly takes: 'rows' | 'codes';
  /** The member of the answer's JSON body that has one element for each of them. */
  readonly each: Each;
  /** Further members that have one element for each of them. */
  readonly eachToo?: readonly string[];
  /**
   * Returns further inputs of the first graph, `[N, ...]` each, from the other members of the body, if there
   * is one. `refuse` hears of rows for which they are wrong.
   */
  others?(manifest: Manifest, rowCount: number, body: Body | undefined, refuse: RefuseRow): Tensors;
  run(model: RunningModel, inputs: Tensors, query: Query): Promise<Answer<Reply>>;
}

/** An operation on a JSON body as a whole. */
export interface BodyOperation<Body = unknown, Query = unknown, Reply = unknown, Sent = unknown>
  extends OperationSpec<Body, Query, Reply, Sent> {
  readonly kind: 'body';
  /** @param maxRows The maximum number of rows that the body may ask for. */
  run(model: RunningModel, body: Body, maxRows: number, query: Query): Promise<Answer<Reply>>;
}

// `run` and `others` are declared as methods, whose parameters TypeScript checks bivariantly: so one registry
// can hold operations with bodies of any type.
export type Operation = RowsOperation | BodyOperation;

/** Defines an operation on rows, with types inferred from its schemas. */
export function rowsOperation<Body, Query, Reply, Sent, const Each extends string & keyof Reply>(
  operation: Omit<RowsOperation<Body, Query, Reply, Sent, Each>, 'kind'>,
): RowsOperation<Body, Query, Reply, Sent, Each> {
  return { kind: 'rows', ...operation };
}

/** Defines an operation on a whole body, with types inferred from its schemas. */
export function bodyOperation<Body, Query, Reply, Sent>(
  operation: Omit<BodyOperation<Body, Query, Reply, Sent>, 'kind'>,
): BodyOperation<Body, Query, Reply, Sent> {
  return { kind: 'body', ...operation };
}
