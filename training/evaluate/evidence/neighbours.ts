/** Recall of the nearest rows by codes, and by projections to as many dimensions. */
import type { Rows } from '../../../shared/tensor.ts';
import type { AnyRows } from '../../data/batches.ts';
import type { Value, Weights } from '../../graph/types.ts';
import type { Autoencoder } from '../../models/model.ts';
import { PROJECTIONS } from '../baselines/projections.ts';
import { nearestTo, recallOf, searchOf } from '../metrics/nearest.ts';
import { computeRows } from '../representation.ts';
import type { Evaluation } from './evaluation.ts';

type Neighbours = NonNullable<Evaluation['neighbours']>;

export interface NeighbourOptions {
  readonly train: AnyRows;
  readonly test: Rows;
  readonly weights: Weights;
  readonly seed: number;
}

/** Fewest dimensions that are measured, and how many times they are halved. */
const LEAST = 2;
const HALVINGS = 3;

/** Measures a model whose codes are made for a search by cosine similarity; null for any other. */
export async function neighboursOf(
  { codeSize, searched, encode }: Autoencoder,
  { train, test, weights, seed }: NeighbourOptions,
): Promise<Neighbours | null> {
  const search = searched && searchOf(train, test, seed);
  if (searched === undefined || search === undefined) return null;
  const expected = await nearestTo(search);
  const recalls = async (of: (rows: Value) => Value, dimensions: readonly number[]) => {
    const [queries, indexed] = [
      await computeRows(search.queries, of, weights),
      await computeRows(search.indexed, of, weights),
    ];
    const found: { dimensions: number; recall: number }[] = [];
    for (const each of dimensions)
      found.push({
        dimensions: each,
        recall: recallOf(expected, await nearestTo({ queries, indexed }, each)),
      });
    return found;
  };
  const grid = gridOf(codeSize, searched.dimensions);
  const baselines: Neighbours['baselines'] = {};
  for (const [name, fit] of Object.entries(PROJECTIONS))
    baselines[name] = await recalls(await fit(train, codeSize, seed), grid);
  return {
    queries: search.queries.rowCount,
    indexed: search.indexed.rowCount,
    own: await recalls(encode, searched.dimensions),
    baselines,
  };
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
export function neighbourMetrics({ own, baselines }: Neighbours, codeSize: number) {
  const metrics = (recalls: Neighbours['own']) =>
    Object.fromEntries(
      recalls
        .filter(({ dimensions }) => own.some((each) => each.dimensions === dimensions))
        .map(({ dimensions, recall }) => [metricOf(dimensions, codeSize), recall]),
    );
  return {
    metrics: metrics(own),
    baselines: Object.fromEntries(Object.entries(baselines).map(([name, each]) => [name, metrics(each)])),
  };
}
