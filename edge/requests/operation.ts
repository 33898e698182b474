/** What an operation is: its bodies, and how a model answers it. One file in `edge/routes` exports each. */
import type * as z from 'zod';
import type { GraphName, Manifest } from '../../shared/manifest.ts';
import type { Matrix, NumberTensor, Tensors } from '../../shared/tensor.ts';
import type { VectorizeIndex } from '../environment.ts';
import type { ProblemSlug } from '../problems.ts';

/** A model's graphs, ready to run; every float32 value that they answer is finite, or the request is refused. */
export interface RunningModel {
  readonly manifest: Manifest;
  /** Where vectors are held beside the Worker, if anywhere. */
  readonly vectors?: VectorizeIndex | undefined;
  run<Output extends string>(
    graph: GraphName,
    inputs: Tensors,
    outputs: readonly Output[],
  ): Promise<Record<Output, NumberTensor>>;
}

export interface Answer<Reply> {
  /** Makes the JSON body, without the members that every answer has, for those who want it. */
  readonly body: () => Omit<Reply, 'model' | 'version'>;
  /** What is sent to those who want float32 bytes. */
  readonly binary?: Matrix;
  readonly headers?: Readonly<Record<string, string>>;
  /** The reconstruction error of each row, where it was measured. */
  readonly errors?: Float32Array;
}

interface Described<Body, Query, Reply, Sent> {
  /** What it does, in one line for the reference. */
  readonly summary: string;
  /** What it may run; rows and codes are the inputs of the first. */
  readonly graphs: readonly [GraphName, ...GraphName[]];
  /** The JSON body of a request: as it is sent, and with its defaults. */
  readonly body: z.ZodType<Body, Sent>;
  /** The query parameters. */
  readonly query: z.ZodType<Query>;
  /** The JSON body of an answer. */
  readonly answer: z.ZodType<Reply>;
  /** What the float32 values of a binary answer are; where there is none, answers are JSON. */
  readonly binary?: string;
  /** Headers of an answer beside those that every answer has. */
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  /** What can go wrong beside what can go wrong with every operation of its kind. */
  readonly problems?: readonly ProblemSlug[];
  /** A request's JSON body and its answer, without the members that every answer has, for the reference. */
  readonly example: { readonly request: Sent; readonly answer: Omit<Reply, 'model' | 'version'> };
}

/**
 * An operation that answers every row, or code, by itself: requests may carry them as JSON, as float32 bytes or as an image,
 * and many of them are answered in pieces.
 */
export interface RowsOperation<
  Body = unknown,
  Query = unknown,
  Reply = unknown,
  Sent = unknown,
  Each = string,
> extends Described<Body, Query, Reply, Sent> {
  readonly kind: 'rows';
  /** The member of the JSON body that holds them. */
  readonly takes: 'rows' | 'codes';
  /** The member of the answer's JSON body that holds what becomes of each. */
  readonly each: Each;
  /** Inputs of the first graph that are made of the body's other members, `[N, ...]` each; of none where rows come as bytes. */
  others?(manifest: Manifest, rowCount: number, body: Body | undefined): Tensors;
  run(model: RunningModel, inputs: Tensors, query: Query): Promise<Answer<Reply>>;
}

/** An operation on a JSON body as a whole. */
export interface BodyOperation<Body = unknown, Query = unknown, Reply = unknown, Sent = unknown>
  extends Described<Body, Query, Reply, Sent> {
  readonly kind: 'body';
  /** `maxRows` is the most that the body may ask for. */
  run(model: RunningModel, body: Body, maxRows: number): Promise<Answer<Reply>>;
}

// Their functions are written as methods, which may be given less than they are declared to take: a registry holds
// operations with bodies of every type.
export type Operation = RowsOperation | BodyOperation;

/** Infers the types of an operation's bodies from its schemas. */
export function rowsOperation<Body, Query, Reply, Sent, const Each extends string & keyof Reply>(
  operation: Omit<RowsOperation<Body, Query, Reply, Sent, Each>, 'kind'>,
): RowsOperation<Body, Query, Reply, Sent, Each> {
  return { kind: 'rows', ...operation };
}

/** The same of an operation on a whole body. */
export function bodyOperation<Body, Query, Reply, Sent>(
  operation: Omit<BodyOperation<Body, Query, Reply, Sent>, 'kind'>,
): BodyOperation<Body, Query, Reply, Sent> {
  return { kind: 'body', ...operation };
}
