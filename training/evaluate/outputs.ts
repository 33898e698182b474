/** Runs an ONNX model over all rows. */
import { type AnyRows, batches, rowsPerBatch } from '../data/batches.ts';
import type { Preprocessing } from '../data/preprocessing.ts';
import { openNative } from '../engines/inference.ts';
import { rawRows } from '../preprocess/preprocessing.ts';

/**
 * Rows in the form that a graph takes: numbers, or the columns of a table if the graph preprocesses them
 * itself.
 */
export type GraphRows = AnyRows | Preprocessing;

type NamedOutputs = Readonly<Record<string, Float32Array<ArrayBuffer>>>;

const BATCH = 256;

/**
 * Yields the float32 outputs of a model by name, row-major, for batches of at most `size` rows and 16 MiB.
 */
export async function* outputBatches(
  model: Uint8Array,
  rows: GraphRows,
  size: number,
): AsyncGenerator<{ readonly rowCount: number; readonly outputs: NamedOutputs }> {
  const session = await openNative(model);
  try {
    if (!isRaw(rows)) {
      for (const batch of batches(rows, rowsPerBatch(rows.width, size)))
        yield { rowCount: batch.rowCount, outputs: await session.run(batch) };
      return;
    }
    const { rowCount, columns } = rows.table;
    const all = Uint32Array.from({ length: rowCount }, (_, row) => row);
    for (const feeds of rawRows(rows, all)(rowCount, rowsPerBatch(columns.length, size))) {
      const tensors = Object.entries(await session.runTensors(feeds));
      const outputs = tensors.map(([name, { data }]) => [name, data as Float32Array<ArrayBuffer>]);
      yield { rowCount: Object.values(feeds)[0]!.shape[0]!, outputs: Object.fromEntries(outputs) };
    }
  } finally {
    await session.release();
  }
}

/** Float32 outputs of a model for all rows, by name, row-major. */
export async function outputsOf(
  model: Uint8Array,
  rows: GraphRows,
): Promise<Record<string, Float32Array<ArrayBuffer>>> {
  const all: Record<string, Float32Array<ArrayBuffer>> = {};
  let offset = 0;
  for await (const { rowCount, outputs } of outputBatches(model, rows, BATCH)) {
    for (const [name, data] of Object.entries(outputs)) {
      all[name] ??= new Float32Array((data.length / rowCount) * rowCountOf(rows));
      all[name].set(data, (data.length / rowCount) * offset);
    }
    offset += rowCount;
  }
  return all;
}

export function isRaw(rows: GraphRows): rows is Preprocessing {
  return 'table' in rows;
}

export function rowCountOf(rows: GraphRows): number {
  return isRaw(rows) ? rows.table.rowCount : rows.rowCount;
}
