/** The exported form of support vector regressors, for comparing it with scikit-learn's. */
import type { Matrix } from '../../../shared/tensor.ts';
import { openNative } from '../../../training/engines/inference.ts';
import type { SupportVectors } from '../../../training/estimators/supportVectors.ts';
import { toOnnx } from '../../../training/graph/onnx.ts';
import { svmRegressor } from '../../../training/graph/ops/svmRegressor.ts';
import { input } from '../../../training/graph/value.ts';

export function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { data: Float32Array.from(rows.flat()), rowCount: rows.length, width: rows[0]!.length };
}

/** Predictions of the exported operator. */
export async function predictions(
  { vectors, ...fitted }: SupportVectors,
  rows: Matrix,
): Promise<Float32Array> {
  const from = input('rows', ['N', rows.width]);
  const prediction = svmRegressor(from, { ...fitted, vectors: vectors.data });
  const model = await openNative(toOnnx({ name: 'svr', inputs: [from], outputs: { prediction } }));
  const outputs = await model.run(rows);
  await model.release();
  return outputs.prediction!;
}
