/** Evidence about codes: distribution and correlation of their dimensions, and points for a scatter plot. */
import type { Matrix } from '../../../shared/tensor.ts';
import { featureStatistics } from '../../data/statistics.ts';
import { fitPca } from '../../estimators/pca.ts';
import { histogramOf } from '../code.ts';
import type { Evaluation } from './evaluation.ts';
import { rounded } from './rounding.ts';

/** Most dimensions for which a correlation matrix is still readable. */
const MAX_DIMENSIONS = 64;
const BINS = 24;

export function codeDimensions(codes: Matrix): Evaluation['code'] {
  const { mean, standardDeviation } = featureStatistics(codes);
  const dimensions = mean
    .map((_, dimension) => dimension)
    .sort((a, b) => standardDeviation[b]! - standardDeviation[a]! || a - b)
    .slice(0, MAX_DIMENSIONS)
    .sort((a, b) => a - b);
  const standardised = dimensions.map((dimension) =>
    column(codes, dimension).map((value) => (value - mean[dimension]!) / standardDeviation[dimension]!),
  );
  return {
    dimensions,
    spreads: dimensions.map((dimension) => rounded(standardDeviation[dimension]!, 4) ?? 0),
    histograms: dimensions.map((dimension) => histogramOf(column(codes, dimension), BINS)),
    correlations: standardised.flatMap((a) =>
      standardised.map((b) =>
        rounded(a.reduce((sum, value, i) => sum + value * b[i]!, 0) / codes.rowCount, 3),
      ),
    ),
  };
}

/** Points in at most three dimensions: the code itself, or its principal components if it has more. */
export async function codeScatter(codes: Matrix): Promise<Pick<Evaluation['scatter'], 'axes' | 'points'>> {
  if (codes.width <= 3) {
    const axes = Array.from({ length: codes.width }, (_, dimension) => `code ${dimension}`);
    return {
      axes,
      points: pointsOf(codes, (row, axis) => codes.data[row * codes.width + axis]!, axes.length),
    };
  }
  const { mean, components, count } = await fitPca(codes, 3);
  const points = pointsOf(
    codes,
    (row, axis) => {
      let sum = 0;
      for (let i = 0; i < codes.width; i++)
        sum += (codes.data[row * codes.width + i]! - mean[i]!) * components[i * count + axis]!;
      return sum;
    },
    count,
  );
  const variance = featureStatistics(codes).standardDeviation.reduce((sum, each) => sum + each ** 2, 0);
  const axes = Array.from({ length: count }, (_, axis) => {
    const along = points.reduce((sum, point) => sum + point[axis]! ** 2, 0) / points.length;
    return `component ${axis + 1} (${percent(along, variance)} of the variance)`;
  });
  return { axes, points };
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;
}

function pointsOf({ rowCount }: Matrix, at: (row: number, axis: number) => number, axes: number): number[][] {
  return Array.from({ length: rowCount }, (_, row) =>
    Array.from({ length: axes }, (_, axis) => rounded(at(row, axis), 4) ?? 0),
  );
}

function column({ data, rowCount, width }: Matrix, index: number): Float32Array {
  return Float32Array.from({ length: rowCount }, (_, row) => data[row * width + index]!);
}
