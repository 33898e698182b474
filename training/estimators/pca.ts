/** Principal component analysis: the linear baseline that every autoencoder is compared with. */
import { Matrix as DoubleMatrix, EigenvalueDecomposition, QrDecomposition } from 'ml-matrix';
import { random } from '../../shared/random.ts';
import { type AnyRows, batches, rowsPerBatch } from '../data/batches.ts';
import { featureStatistics } from '../data/statistics.ts';
import type { Feed } from '../engines/feeds.ts';
import { openNative } from '../engines/inference.ts';
import { toOnnx } from '../graph/onnx.ts';
import { add, sub } from '../graph/ops/arithmetic.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { isNan, where } from '../graph/ops/where.ts';
import type { Value } from '../graph/types.ts';
import { constant, input, scalar } from '../graph/value.ts';

export interface Pca {
  /** `[features]` */
  readonly mean: Float32Array;
  /**
   * Orthonormal directions of largest variance, row-major `[features, count]`; in each, the entry of largest
   * magnitude is positive.
   */
  readonly components: Float32Array;
  readonly count: number;
  /** True if rows may hold NaN for missing values, which then count as the mean. */
  readonly missing: boolean;
}

/** Extra directions, so that the last requested ones converge too. */
const OVERSAMPLING = 16;
const MAX_ITERATIONS = 60;
/** Iteration stops once the explained variance grows by less than this share. */
const CONVERGED = 1e-6;

/**
 * Fits PCA with `count` components, at most the number of features, by subspace iteration (Halko et al.,
 * 2011, algorithm 4.4). Products with the data run natively; only matrices of about `count` columns are
 * decomposed.
 */
export async function fitPca(rows: AnyRows, count: number, missing = false): Promise<Pca> {
  return fitAround({ mean: Float32Array.from(featureStatistics(rows).mean), missing }, rows, count);
}

/**
 * Fits the truncated singular value decomposition of the rows: PCA around 0 in place of the mean, which keeps the
 * angles between rows best.
 */
export async function fitSvd(rows: AnyRows, count: number): Promise<Pca> {
  return fitAround({ mean: new Float32Array(rows.width), missing: false }, rows, count);
}

async function fitAround({ mean, missing }: Centre, rows: AnyRows, count: number): Promise<Pca> {
  const { width } = rows;
  const kept = Math.min(count, width);
  const covariance = await covarianceOf(rows, { mean, missing }, Math.min(width, kept + OVERSAMPLING));
  let basis = covariance.start;
  let variance = 0;
  for (let iteration = 1; ; iteration++) {
    const product = await covariance.times(basis);
    const { values, vectors } = eigen(basis.transpose().mmul(product));
    const found = values.slice(0, kept).reduce((sum, value) => sum + value, 0);
    if (found - variance <= CONVERGED * found || iteration === MAX_ITERATIONS) {
      await covariance.release();
      const directions = flipSigns(basis.mmul(vectors).subMatrix(0, width - 1, 0, kept - 1));
      return { mean, components: Float32Array.from(directions.to1DArray()), count: kept, missing };
    }
    variance = found;
    basis = orthonormal(product);
  }
}

/** Projects rows `[N, features]` on the components, `[N, count]`, as nodes of a graph. */
export function pcaCode(pca: Pca, rows: Value): Value {
  return gemm(centred(rows, pca), basisOf(pca));
}

/** Reconstructs rows `[N, features]` from that projection, as nodes of a graph. */
export function pcaReconstruct(pca: Pca, rows: Value): Value {
  return add(gemm(pcaCode(pca, rows), basisOf(pca), { transB: true }), vectorConstant(pca.mean));
}

function basisOf({ mean, components, count }: Pca): Value {
  return constant({ dtype: 'float32', shape: [mean.length, count], data: components });
}

type Centre = Pick<Pca, 'mean' | 'missing'>;

function centred(rows: Value, { mean, missing }: Centre): Value {
  const difference = sub(rows, vectorConstant(mean));
  return missing ? where(isNan(rows), scalar(0), difference) : difference;
}

function vectorConstant(data: Float32Array): Value {
  return constant({ dtype: 'float32', shape: [data.length], data });
}

/**
 * Returns a native operator that multiplies `[features, columns]` by the covariance of the rows times their
 * count.
 */
async function covarianceOf(rows: AnyRows, centre: Centre, columns: number) {
  const { width } = rows;
  const batch = input('rows', ['N', width]);
  const basis = input('basis', [width, columns]);
  const centredBatch = centred(batch, centre);
  const product = gemm(centredBatch, gemm(centredBatch, basis), { transA: true });
  const model = await openNative(
    toOnnx({ name: 'covariance', inputs: [batch, basis], outputs: { product } }),
  );
  const source = random(0, 'pca');
  return {
    start: orthonormal(
      DoubleMatrix.from1DArray(
        width,
        columns,
        Array.from({ length: width * columns }, () => source.uniform() - 0.5),
      ),
    ),
    times: async (by: DoubleMatrix): Promise<DoubleMatrix> => {
      const total = new Float64Array(width * columns);
      const feed: Feed = { data: Float32Array.from(by.to1DArray()), shape: [width, columns] };
      for (const part of batches(rows, rowsPerBatch(width, 4096))) {
        const { product: partial } = await model.run(part, new Map([['basis', feed]]));
        for (let i = 0; i < total.length; i++) total[i]! += partial![i]!;
      }
      return DoubleMatrix.from1DArray(width, columns, total);
    },
    release: () => model.release(),
  };
}

/**
 * Makes the entry of largest magnitude in each direction positive, since the sign of a direction is
 * arbitrary.
 */
function flipSigns(directions: DoubleMatrix): DoubleMatrix {
  for (let c = 0; c < directions.columns; c++) {
    const column = directions.getColumn(c);
    const largest = column.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best));
    if (largest < 0) directions.mulColumn(c, -1);
  }
  return directions;
}

function orthonormal(columns: DoubleMatrix): DoubleMatrix {
  return new QrDecomposition(columns).orthogonalMatrix;
}

/**
 * Returns the eigenvalues of a symmetric matrix in descending order, with its eigenvectors as columns in that
 * order.
 */
function eigen(symmetric: DoubleMatrix): { values: number[]; vectors: DoubleMatrix } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const rows = order.map((_, i) => i);
  return { values: order.map((i) => realEigenvalues[i]!), vectors: eigenvectorMatrix.selection(rows, order) };
}
