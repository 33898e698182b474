/** Running a model over all rows. */
import type { Matrix } from '../../shared/tensor.ts';
import { batches } from '../data/dataset.ts';
import { openNative } from '../inference.ts';

const BATCH = 256;

/** A model's float32 outputs for all rows, by name, row-major. */
export async function outputsOf(
  model: Uint8Array,
  rows: Matrix,
): Promise<Record<string, Float32Array<ArrayBuffer>>> {
  const session = await openNative(model);
  const outputs: Record<string, Float32Array<ArrayBuffer>> = {};
  let offset = 0;
  for (const batch of batches(rows, BATCH)) {
    for (const [name, data] of Object.entries(await session.run(batch))) {
      outputs[name] ??= new Float32Array((data.length / batch.rowCount) * rows.rowCount);
      outputs[name].set(data, (data.length / batch.rowCount) * offset);
    }
    offset += batch.rowCount;
  }
  await session.release();
  return outputs;
}

/** Those of one output as a matrix. */
export function matrixOf(data: Float32Array<ArrayBuffer>, rowCount: number): Matrix {
  return { data, rowCount, width: data.length / rowCount };
}
