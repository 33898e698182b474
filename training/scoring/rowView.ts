/** Rows as the members of the ensemble see them, alike as nodes of a graph and as matrices. */
import type { Matrix } from '../../shared/tensor.ts';
import type { AnyRows } from '../data/batches.ts';
import { featureStatistics } from '../data/statistics.ts';
import { componentsFor } from '../estimators/explainedVariance.ts';
import { fitPca, pcaReconstruct } from '../estimators/pca.ts';
import { computeRows } from '../evaluate/representation.ts';
import { mul, sub } from '../graph/ops/arithmetic.ts';
import { isNan, where } from '../graph/ops/where.ts';
import type { Value, Weights } from '../graph/types.ts';
import { float32s, scalar } from '../graph/value.ts';
import { reconstructionOf, targetOf } from '../models/errors.ts';
import type { Autoencoder } from '../models/model.ts';

/** `T` is a value of a graph, or a matrix of training rows. Each is `[N, width]`. */
export interface RowView<T> {
  /**
   * The rows, centred and scaled so that every group of columns has a variance of 1 over the training rows;
   * missing values are 0.
   */
  readonly scaled: T;
  /** The rows minus their reconstruction, on the same scale; 0 for missing values. */
  readonly residual: T;
  /** The scaled rows minus what their principal components explain. */
  readonly unexplained: T;
}

/** Positions of the values of a row that belong to one column of a table. */
export interface ColumnGroup {
  readonly positions: readonly number[];
  /** True if at most one of the values is 1 in each training row, and all others are 0. */
  readonly oneHot: boolean;
}

export interface Scaling {
  /** One for each column of the table. */
  readonly groups: readonly ColumnGroup[];
  /** What the scaling subtracts, and what it multiplies the difference by; per position. */
  readonly centre: Float32Array;
  readonly factor: Float32Array;
}

export interface FittedView extends Scaling {
  readonly of: (target: Value, reconstruction: Value) => RowView<Value>;
  readonly train: RowView<Matrix>;
}

export interface ViewOptions {
  /** Positions of the values of each column of a table; every position is a column by default. */
  readonly columns?: readonly (readonly number[])[] | undefined;
  readonly seed: number;
}

/** Share of the variance that the principal components keep: the rest is what should be small. */
const EXPLAINED = 0.9;

export async function fitView(
  model: Autoencoder,
  train: AnyRows,
  weights: Weights,
  { columns, seed }: ViewOptions,
): Promise<FittedView> {
  const target = await computeRows(train, (rows) => targetOf(model, rows), weights);
  const own = columns ?? Array.from({ length: target.width }, (_, position) => [position]);
  const groups = own.map((positions) => ({ positions, oneHot: isOneHot(target, positions) }));
  const { mean, standardDeviation } = featureStatistics(target);
  const factor = new Float32Array(target.width);
  for (const { positions, oneHot } of groups) {
    const together = Math.hypot(...positions.map((position) => standardDeviation[position]!));
    for (const position of positions)
      factor[position] = 1 / ((oneHot ? together : standardDeviation[position]!) || 1);
  }
  const [centre, by] = [float32s(mean), float32s(factor)];
  const scale = (rows: Value): Pick<RowView<Value>, 'scaled'> & { present: (value: Value) => Value } => {
    const present = (value: Value) => (model.missing ? where(isNan(rows), scalar(0), value) : value);
    return { present, scaled: present(mul(sub(rows, centre), by)) };
  };
  const compute = (what: (target: Value, rows: Value) => Value) =>
    computeRows(train, (rows) => what(targetOf(model, rows), rows), weights);
  const scaled = await compute((rows) => scale(rows).scaled);
  const pca = await fitPca(scaled, componentsFor(scaled, EXPLAINED, seed));
  const of = (rows: Value, reconstruction: Value): RowView<Value> => {
    const { present, scaled } = scale(rows);
    return {
      scaled,
      residual: present(mul(sub(rows, reconstruction), by)),
      unexplained: present(sub(scaled, pcaReconstruct(pca, scaled))),
    };
  };
  const trainView = (pick: 'residual' | 'unexplained') =>
    compute((target, rows) => of(target, reconstructionOf(model, rows))[pick]);
  return {
    of,
    train: { scaled, residual: await trainView('residual'), unexplained: await trainView('unexplained') },
    groups,
    centre: Float32Array.from(mean),
    factor,
  };
}

function isOneHot({ data, rowCount, width }: Matrix, positions: readonly number[]): boolean {
  if (positions.length === 1) return false;
  for (let row = 0; row < rowCount; row++) {
    let ones = 0;
    for (const position of positions) {
      const value = data[row * width + position]!;
      if (value !== 0 && value !== 1) return false;
      ones += value;
    }
    if (ones > 1) return false;
  }
  return true;
}
