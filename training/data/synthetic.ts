/**
 * Synthetic data, reproducible by seed, for experiments and tests. Names follow scikit-learn, but the random
 * numbers come from `shared/random.ts`, so the values differ from scikit-learn's.
 */
import { InputError } from '../../shared/errors.ts';
import { permutation, type Random, random } from '../../shared/random.ts';
import type { CategoryColumn, NumberColumn, Table } from './table.ts';

export interface RegressionOptions {
  readonly rows: number;
  readonly features: number;
  /** Number of features that `y` depends on. */
  readonly informative: number;
  /** Standard deviation of the noise added to `y`; 0 by default. */
  readonly noise?: number;
  readonly seed: number;
}

/**
 * Makes standard normal features `x0`, `x1` ... and `y`, a linear function of some of them with weights
 * uniform in [0, 100).
 * @throws {InputError} if a count is not a positive integer, or `informative` exceeds `features`.
 */
export function makeRegression({ rows, features, informative, noise = 0, seed }: RegressionOptions): Table {
  requireCounts({ rows, features, informative });
  if (informative > features) {
    throw new InputError(
      `informative: expected at most ${features}, the number of features, received ${informative}`,
    );
  }
  const chosen = permutation(features, random(seed, 'regression/informative')).subarray(0, informative);
  const uniform = random(seed, 'regression/weights');
  const weights = Array.from(chosen, () => 100 * uniform.uniform());
  const normal = boxMuller(random(seed, 'regression/rows'));
  const columns = numberColumns('x', features, rows, normal);
  const error = boxMuller(random(seed, 'regression/noise'));
  const y = Float64Array.from({ length: rows }, (_, r) => {
    const parts = Array.from(chosen, (feature, i) => weights[i]! * columns[feature]!.values[r]!);
    return parts.reduce((sum, part) => sum + part, 0) + noise * error();
  });
  return {
    source: `makeRegression, seed ${seed}`,
    rowCount: rows,
    columns: [...columns, { name: 'y', type: 'number', values: y }],
  };
}

export interface BlobOptions {
  readonly rows: number;
  readonly features: number;
  /** Number of clusters; their sizes differ by at most one row. */
  readonly blobs: number;
  /** Standard deviation within a cluster; 1 by default. Centres are uniform in [-10, 10). */
  readonly spread?: number;
  readonly seed: number;
}

/**
 * Makes Gaussian clusters: features `x0`, `x1` ... and `blob`, the number of the cluster as a category.
 * @throws {InputError} if a count is not a positive integer.
 */
export function makeBlobs({ rows, features, blobs, spread = 1, seed }: BlobOptions): Table {
  requireCounts({ rows, features, blobs });
  const uniform = random(seed, 'blobs/centres');
  const centres = Array.from({ length: blobs * features }, () => 20 * uniform.uniform() - 10);
  const order = permutation(rows, random(seed, 'blobs/order'));
  const codes = Int32Array.from(order, (position) => position % blobs);
  const normal = boxMuller(random(seed, 'blobs/rows'));
  const columns = numberColumns('x', features, rows, normal).map(
    (column, c): NumberColumn => ({
      ...column,
      values: Float64Array.from(
        column.values,
        (value, r) => centres[codes[r]! * features + c]! + spread * value,
      ),
    }),
  );
  // Zero-padded, so that names sort like numbers.
  const digits = String(blobs - 1).length;
  const categories = Array.from({ length: blobs }, (_, i) => String(i).padStart(digits, '0'));
  const blob: CategoryColumn = { name: 'blob', type: 'category', codes, categories };
  return { source: `makeBlobs, seed ${seed}`, rowCount: rows, columns: [...columns, blob] };
}

export interface SineOptions {
  readonly rows: number;
  /** Steps per row. */
  readonly steps: number;
  /** Standard deviation of the noise added to each step; 0 by default. */
  readonly noise?: number;
  readonly seed: number;
}

/**
 * Makes one sine wave per row, `t0`, `t1` ...: amplitude in [0.5, 1), 1 to 3 periods, random phase.
 * @throws {InputError} if a count is not a positive integer.
 */
export function makeSine({ rows, steps, noise = 0, seed }: SineOptions): Table {
  requireCounts({ rows, steps });
  const uniform = random(seed, 'sine/waves');
  const waves = Array.from({ length: rows }, () => ({
    amplitude: 0.5 + 0.5 * uniform.uniform(),
    periods: 1 + 2 * uniform.uniform(),
    phase: 2 * Math.PI * uniform.uniform(),
  }));
  const columns = numberColumns('t', steps, rows, boxMuller(random(seed, 'sine/noise'))).map(
    (column, t): NumberColumn => ({
      ...column,
      values: Float64Array.from(column.values, (error, r) => {
        const { amplitude, periods, phase } = waves[r]!;
        return amplitude * Math.sin((2 * Math.PI * periods * t) / steps + phase) + noise * error;
      }),
    }),
  );
  return { source: `makeSine, seed ${seed}`, rowCount: rows, columns };
}

function numberColumns(prefix: string, count: number, rows: number, next: () => number): NumberColumn[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `${prefix}${i}`,
    type: 'number' as const,
    values: Float64Array.from({ length: rows }, next),
  }));
}

/** Returns a generator of standard normal numbers (Box & Muller, 1958). */
function boxMuller(source: Random): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    // 1 - u is in (0, 1], so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - source.uniform()));
    const angle = 2 * Math.PI * source.uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

function requireCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isInteger(count) && count > 0) continue;
    throw new InputError(`${name}: expected a positive integer, received ${count}`);
  }
}
