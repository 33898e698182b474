/** Principal component analysis: the linear baseline that every autoencoder is compared with. */
import { Matrix as DoubleMatrix, EigenvalueDecomposition } from 'ml-matrix';
import type { Matrix } from '../../shared/tensor.ts';
import { batches } from '../data/dataset.ts';
import { toOnnx } from '../graph/onnx.ts';
import { add, sub } from '../graph/ops/arithmetic.ts';
import { gemm } from '../graph/ops/gemm.ts';
import type { Value } from '../graph/types.ts';
import { constant, input } from '../graph/value.ts';
import { openNative } from '../inference.ts';
import { featureStatistics } from './statistics.ts';

export interface Pca {
  /** `[features]` */
  readonly mean: Float32Array;
  /** Orthonormal directions of largest variance, row-major `[features, count]`. */
  readonly components: Float32Array;
  readonly count: number;
}

/** Fits PCA with `count` components (at most the number of features) by the eigenvectors of the covariance. */
export async function fitPca(rows: Matrix, count: number): Promise<Pca> {
  const { width } = rows;
  const mean = Float32Array.from(featureStatistics(rows).mean);
  const scatter = await scatterMatrix(rows, mean);
  const { eigenvectorMatrix } = new EigenvalueDecomposition(scatter, { assumeSymmetric: true });
  const kept = Math.min(count, width);
  const components = new Float32Array(width * kept);
  for (let feature = 0; feature < width; feature++) {
    for (let k = 0; k < kept; k++) {
      // Eigenvalues of a symmetric matrix come in ascending order.
      components[feature * kept + k] = eigenvectorMatrix.get(feature, width - 1 - k);
    }
  }
  return { mean, components, count: kept };
}

/** Rows `[N, features]` to their projection on the components and back, as graph. */
export function pcaReconstruct({ mean, components, count }: Pca, rows: Value): Value {
  const center = constant({ dtype: 'float32', shape: [mean.length], data: mean });
  const basis = constant({ dtype: 'float32', shape: [mean.length, count], data: components });
  const code = gemm(sub(rows, center), basis);
  return add(gemm(code, basis, { transB: true }), center);
}

/** Sum over the rows of the outer product of the centred row with itself, computed natively in batches. */
async function scatterMatrix(rows: Matrix, mean: Float32Array): Promise<DoubleMatrix> {
  const { width } = rows;
  const batch = input('rows', ['N', width]);
  const centred = sub(batch, constant({ dtype: 'float32', shape: [width], data: mean }));
  const outputs = { scatter: gemm(centred, centred, { transA: true }) };
  const model = await openNative(toOnnx({ name: 'scatter', inputs: [batch], outputs }));
  const total = new Float64Array(width * width);
  for (const part of batches(rows, 4096)) {
    const { scatter } = await model.run(part);
    for (let i = 0; i < total.length; i++) total[i]! += scatter![i]!;
  }
  await model.release();
  return DoubleMatrix.from1DArray(width, width, total);
}
