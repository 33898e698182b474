/** Data sets of tables that are too large to hold: a sample in memory, all training rows in a file. */
import type { Dataset, Parts } from '../data/dataset.ts';
import type { RowLimits } from '../data/sources/source.ts';
import { storedRowsWriter } from '../data/storedRows.ts';
import type { Table, WholeTable } from '../data/table.ts';
import { encodedDataset } from './dataset.ts';

/** Moves the rows that are the first of their category to the training rows. */
export function withCovering(parts: Parts, { whole }: Table): Parts {
  if (whole === undefined || whole.covering.length === 0) return parts;
  const covering = new Set(whole.covering);
  const others = (rows: Uint32Array) => rows.filter((row) => !covering.has(row));
  return {
    train: Uint32Array.from([...others(parts.train), ...whole.covering]),
    validation: others(parts.validation),
    test: others(parts.test),
  };
}

/**
 * Encodes all rows of the table that `data` is a sample of, except its validation and test rows, and keeps them in a
 * file; returns `data` if the table has no other rows.
 * @throws {InputError} naming the column, if a value cannot be encoded.
 * @throws {StorageError} if the disk is full, for instance.
 */
export async function withStoredRows(
  data: Dataset,
  { whole }: Table,
  { seed, onRead }: Pick<RowLimits, 'seed' | 'onRead'>,
): Promise<Dataset> {
  if (whole === undefined) return data;
  const { columns } = data.preprocessing!;
  const { width } = data.rows;
  const heldOut = heldOutRows(data.parts!, whole);
  const rowCount = whole.rowCount - heldOut.length;
  const writer = storedRowsWriter({ width, rowCount, seed });
  let [first, next] = [0, 0];
  for await (const piece of whole.pieces()) {
    const { rows } = encodedDataset(piece, columns);
    // Rows that are not held out move up.
    let kept = 0;
    for (let row = 0; row < rows.rowCount; row++) {
      if (heldOut[next] === first + row) next++;
      else if (kept++ < row) rows.data.copyWithin((kept - 1) * width, row * width, (row + 1) * width);
    }
    await writer.add({ ...rows, rowCount: kept });
    first += piece.rowCount;
    onRead?.('encoding rows', first / whole.rowCount);
  }
  whole.close();
  const shown = (count: number) => count.toLocaleString('en');
  const gigabytes = ((width * 4 * rowCount) / 1e9).toFixed(1);
  const note = `${shown(whole.rowCount)} rows are more than are held in memory: a random sample of ${shown(whole.held.length)} is (--hold, --seed), from which roles, averages and quantiles are taken, validation and test rows are drawn, and everything after training is computed; all ${shown(rowCount)} rows that are not held out train from a file of ${gigabytes} GB in the folder for temporary files`;
  return { ...data, stored: await writer.finish(), notes: [note, ...(data.notes ?? [])] };
}

/** Numbers of the validation and test rows among all rows, ascending. */
function heldOutRows({ validation, test }: Parts, { held }: WholeTable): Uint32Array {
  return Uint32Array.from([...validation, ...test], (row) => held[row]!).sort();
}
