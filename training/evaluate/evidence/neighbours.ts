/** Recall of the nearest rows by codes, and by projections to as many dimensions. */
import { int8Rows } from '../../../shared/int8.ts';
import type { Matrix, Rows } from '../../../shared/tensor.ts';
import type { AnyRows } from '../../data/batches.ts';
import type { PartTexts } from '../../data/rowNames.ts';
import type { Value, Weights } from '../../graph/types.ts';
import type { Autoencoder } from '../../models/model.ts';
import { PROJECTIONS } from '../baselines/projections.ts';
import { nearestTo, recallOf, type Search, searchOf } from '../metrics/nearest.ts';
import { computeRows } from '../representation.ts';
import type { Evaluation } from './evaluation.ts';
import { neighbourTexts } from './neighbourTexts.ts';

type Neighbours = NonNullable<Evaluation['neighbours']>;

export interface NeighbourOptions {
  readonly train: AnyRows;
  readonly test: Rows;
  readonly weights: Weights;
  /** Texts of the rows, if there are any. */
  readonly texts: PartTexts | undefined;
  readonly seed: number;
}

/** Fewest dimensions that are measured, and how many times they are halved. */
const LEAST = 2;
const HALVINGS = 3;

/** Measures a model whose codes are made for a search by cosine similarity; null for any other. */
export async function neighboursOf(
  { codeSize, searched, encode }: Autoencoder,
  { train, test, weights, texts, seed }: NeighbourOptions,
): Promise<Neighbours | null> {
  const search = searched && searchOf(train, test, seed);
  if (searched === undefined || search === undefined) return null;
  const expected = await nearestTo(search);
  const encoded = async (of: (rows: Value) => Value): Promise<Search> => ({
    queries: await computeRows(search.queries, of, weights),
    indexed: await computeRows(search.indexed, of, weights),
  });
  const recalls = async (codes: Search, dimensions: readonly number[]) => {
    const found: { dimensions: number; recall: number }[] = [];
    for (const each of dimensions)
      found.push({
        dimensions: each,
        recall: recallOf(expected, await nearestTo(codes, each)),
      });
    return found;
  };
  const grid = gridOf(codeSize, searched.dimensions);
  const baselines: Neighbours['baselines'] = {};
  for (const [name, fit] of Object.entries(PROJECTIONS))
    baselines[name] = await recalls(await encoded(await fit(train, codeSize, seed)), grid);
  const codes = await encoded(encode);
  return {
    queries: search.queries.rowCount,
    indexed: search.indexed.rowCount,
    own: await recalls(codes, searched.dimensions),
    int8: recallOf(expected, await nearestTo(asInt8(codes))),
    baselines,
    texts:
      texts === undefined ? null : neighbourTexts(search, { expected, found: await nearestTo(codes) }, texts),
  };
}

/** The codes as whole numbers: the scale of a row does not change its cosines. */
export function asInt8({ queries, indexed }: Search): Search {
  const rounded = (codes: Matrix) => ({ ...codes, data: Float32Array.from(int8Rows(codes).numbers) });
  return { queries: rounded(queries), indexed: rounded(indexed) };
}

/** The dimensions that the model is made for, and halves of the largest, ascending. */
function gridOf(codeSize: number, own: readonly number[]): number[] {
  const halves = Array.from({ length: HALVINGS }, (_, i) => Math.round(codeSize / 2 ** (i + 1)));
  return [...new Set([...own, ...halves.filter((each) => each >= LEAST)])].sort((a, b) => a - b);
}

/** Name of the metric: `recall@10` for whole codes, `recall@10-dim32` for their first 32 values. */
const metricOf = (dimensions: number, codeSize: number) =>
  dimensions === codeSize ? 'recall@10' : `recall@10-dim${dimensions}`;

/** The figures as metrics of the model and of its baselines, at the dimensions that the model is made for. */
export function neighbourMetrics({ own, int8, baselines }: Neighbours, codeSize: number) {
  const metrics = (recalls: Neighbours['own']) =>
    Object.fromEntries(
      recalls
        .filter(({ dimensions }) => own.some((each) => each.dimensions === dimensions))
        .map(({ dimensions, recall }) => [metricOf(dimensions, codeSize), recall]),
    );
  return {
    metrics: { ...metrics(own), 'recall@10-int8': int8 },
    baselines: Object.fromEntries(Object.entries(baselines).map(([name, each]) => [name, metrics(each)])),
  };
}
