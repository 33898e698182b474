/**
 * Blame: the columns that make a row unusual. What is unusual is measured for each column on its own, against
 * the training rows: a column that always deviates is not to blame for deviating.
 */
import { CholeskyDecomposition, Matrix as DoubleMatrix, inverse } from 'ml-matrix';
import type { Matrix } from '../../shared/tensor.ts';
import { clip } from '../graph/ops/clip.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { square } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { constant } from '../graph/value.ts';
import { columnSquares } from './columnSquares.ts';
import { columnRarity } from './members/rarity.ts';
import type { FittedView, RowView, Scaling } from './rowView.ts';

/** The inverse of a covariance takes too long for more columns, and its noise is too large. */
const MOST_COLUMNS = 512;
/** Share of the covariance that is replaced by the identity. */
const SHRINKAGE = 0.05;
/** Larger deviations, in standard deviations, would determine the covariance alone. */
const MOST_DEVIATION = 5;

/** Least unit of conflicts. */
const LEAST_CONFLICT = 0.05;
/** Rounding of a conflict's root may be this share of the root of its unit; otherwise runtimes would disagree. */
const MOST_ROUNDING = 1e-6;

/** Something that may be unusual about the columns of a row. */
export interface ColumnSignal {
  /** `[N, columns]`, at least 0. */
  readonly of: (rows: RowView<Value>) => Value;
  /** The least value of each column that counts: smaller ones may be rounding. */
  readonly least: readonly number[];
}

export function columnSignals(view: FittedView): readonly ColumnSignal[] {
  const { scaled } = view.train;
  const unexplained = columnSquares(view.groups, scaled.width);
  const each = (least: number) => view.groups.map(() => least);
  return [
    { of: columnRarity(scaled, view), least: each(0.05) },
    // The difference of two numbers that are almost equal.
    { of: (rows) => unexplained(rows.unexplained), least: each(0.02) },
    ...(scaled.width > 1 && scaled.width <= MOST_COLUMNS ? [fitConflicts(scaled, view)] : []),
  ];
}

/**
 * Returns how far each column is from what all the others predict, by linear regression: with P the inverse
 * covariance and g = P x, it is g' inverse(P) g over the column's own part of g and P. This is how much more
 * likely the row would be if the column had another value; if a single column was changed, its own is the
 * largest.
 */
function fitConflicts(rows: Matrix, { groups }: Scaling): ColumnSignal {
  const { width } = rows;
  const covariance = shrunkCovariance(rows);
  const precision = inverse(covariance);
  const roots = DoubleMatrix.zeros(width, width);
  for (const { positions } of groups) {
    const own = [...positions];
    const { lowerTriangularMatrix: root } = new CholeskyDecomposition(
      symmetric(inverse(precision.selection(own, own))),
    );
    own.forEach((from, i) => {
      own.forEach((to, j) => {
        roots.set(from, to, root.get(i, j));
      });
    });
  }
  const owns = new Float32Array(width * groups.length);
  groups.forEach(({ positions }, column) => {
    for (const position of positions) owns[position * groups.length + column] = 1;
  });
  const factors = precision.mmul(roots);
  const by = float32Matrix(factors.to1DArray(), width, width);
  const sums = float32Matrix(owns, width, groups.length);
  return {
    of: ({ scaled }) =>
      gemm(square(gemm(clip(scaled, { min: -MOST_DEVIATION, max: MOST_DEVIATION }), by)), sums),
    least: groups.map(({ positions }) => {
      const errors = positions.map((position) => roundingOf(covariance, factors, position));
      return Math.max(LEAST_CONFLICT, (Math.hypot(...errors) / MOST_ROUNDING) ** 2);
    }),
  };
}

/** Rounding error of a typical row times a column of `factors`, where terms as large as those cancel each other out. */
function roundingOf(covariance: DoubleMatrix, factors: DoubleMatrix, column: number): number {
  let terms = 0;
  for (let row = 0; row < factors.rows; row++)
    terms += Math.sqrt(covariance.get(row, row)) * Math.abs(factors.get(row, column));
  return 2 ** -24 * terms;
}

/** Rounding makes inverses slightly asymmetric. */
function symmetric(matrix: DoubleMatrix): DoubleMatrix {
  return DoubleMatrix.add(matrix, matrix.transpose()).div(2);
}

function shrunkCovariance({ data, rowCount, width }: Matrix): DoubleMatrix {
  const covariance = DoubleMatrix.zeros(width, width);
  const row = new Float64Array(width);
  const limited = (value: number) => Math.max(-MOST_DEVIATION, Math.min(MOST_DEVIATION, value));
  for (let start = 0; start < data.length; start += width) {
    for (let a = 0; a < width; a++) row[a] = limited(data[start + a]!);
    for (let a = 0; a < width; a++)
      for (let b = 0; b <= a; b++) covariance.set(a, b, covariance.get(a, b) + row[a]! * row[b]!);
  }
  for (let a = 0; a < width; a++) {
    for (let b = 0; b <= a; b++) {
      const value = ((1 - SHRINKAGE) * covariance.get(a, b)) / rowCount + (a === b ? SHRINKAGE : 0);
      covariance.set(a, b, value);
      covariance.set(b, a, value);
    }
  }
  return covariance;
}

function float32Matrix(data: ArrayLike<number>, rows: number, columns: number): Value {
  return constant({ dtype: 'float32', shape: [rows, columns], data: Float32Array.from(data) });
}
