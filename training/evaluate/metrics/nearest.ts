/** Search for the nearest rows by cosine similarity, and how well a search by codes agrees with it. */
import { permutation, random } from '../../../shared/random.ts';
import { isSparse, type Matrix } from '../../../shared/tensor.ts';
import { type AnyRows, batcher, batches, takeRows } from '../../data/batches.ts';
import { openNative } from '../../engines/inference.ts';
import { mean } from '../../estimators/scores.ts';
import { toOnnx } from '../../graph/onnx.ts';
import { gemm } from '../../graph/ops/gemm.ts';
import { pad } from '../../graph/ops/pad.ts';
import { topK } from '../../graph/ops/topK.ts';
import type { Value } from '../../graph/types.ts';
import { input, int64s } from '../../graph/value.ts';
import { directions } from '../../objectives/directions.ts';

/** Number of nearest rows that recall@10 counts. */
export const NEAREST = 10;

/** Most rows that are searched for, and most that they are searched among: more take too long. */
const MOST_QUERIES = 2000;
const MOST_INDEXED = 50_000;
/** Share of the rows that are searched for among the others, where all are of one kind. */
const QUERIES = 0.1;
/** Rows searched for at a time: their similarities to 50,000 others take 50 MB. */
const BATCH = 256;

/** Rows that are searched for, and those that they are searched among. */
export interface Search {
  readonly queries: Matrix;
  readonly indexed: Matrix;
}

/** A search, with the place of each row in the part that it was drawn from. */
export interface DrawnSearch extends Search {
  readonly places: Readonly<Record<keyof Search, Uint32Array>>;
}

/**
 * Test rows, searched for among the training rows: at most 2,000 among at most 50,000, drawn at random. If both are
 * the same rows, a tenth of them is searched for among the others. Undefined for fewer than ten rows to search among.
 */
export function searchOf(train: AnyRows, test: AnyRows, seed: number): DrawnSearch | undefined {
  const [source, order] = [random(seed, 'search'), random(seed, 'indexed')];
  const [among, own] = [permutation(train.rowCount, order), permutation(test.rowCount, source)];
  const isSame = train === test;
  const queries = Math.min(MOST_QUERIES, isSame ? Math.max(1, Math.floor(QUERIES * own.length)) : own.length);
  const rest = isSame ? own.subarray(queries) : among;
  if (rest.length < NEAREST) return undefined;
  const places = { queries: own.subarray(0, queries), indexed: rest.subarray(0, MOST_INDEXED) };
  return {
    queries: denseRows(test, places.queries),
    indexed: denseRows(train, places.indexed),
    places,
  };
}

function denseRows(rows: AnyRows, indices: Uint32Array): Matrix {
  return isSparse(rows) ? batcher(rows, indices.length)(indices) : takeRows(rows, indices);
}

/**
 * Returns the positions of the ten indexed rows of largest cosine similarity to each query, nearest first,
 * `[queries, 10]`. `dimensions` is the number of leading values that count, all by default.
 */
export async function nearestTo(
  { queries, indexed }: Search,
  dimensions: number = queries.width,
): Promise<BigInt64Array> {
  const { width } = queries;
  const [rows, others] = [input('rows', ['N', width]), input('others', ['M', width])];
  const leading = (each: Value) => directions(pad(each, [0, 0, 0, dimensions - width]));
  const { indices } = topK(gemm(leading(rows), leading(others), { transB: true }), int64s([NEAREST]));
  const model = await openNative(toOnnx({ name: 'nearest', inputs: [rows, others], outputs: { indices } }));
  const found = new BigInt64Array(queries.rowCount * NEAREST);
  const among = { dtype: 'float32', shape: [indexed.rowCount, width], data: indexed.data } as const;
  let offset = 0;
  for (const { data, rowCount } of batches(queries, BATCH)) {
    const own = { dtype: 'float32', shape: [rowCount, width], data } as const;
    const answer = await model.runTensors({ rows: own, others: among });
    found.set(answer.indices!.data as BigInt64Array, offset);
    offset += rowCount * NEAREST;
  }
  await model.release();
  return found;
}

/** Recall@10 of each query: the share of its ten nearest rows that another search also finds. */
export function recallsOf(nearest: BigInt64Array, found: BigInt64Array): number[] {
  return Array.from({ length: nearest.length / NEAREST }, (_, query) => {
    const own = (rows: BigInt64Array) => rows.subarray(NEAREST * query, NEAREST * (query + 1));
    const wanted = new Set(own(nearest));
    return own(found).filter((each) => wanted.has(each)).length / NEAREST;
  });
}

/** Recall@10: the mean over all queries. */
export function recallOf(nearest: BigInt64Array, found: BigInt64Array): number {
  return mean(recallsOf(nearest, found));
}
