/** What telemetry hears of operations. */
import type { Manifest } from '../../shared/manifest.ts';
import type { Tensors } from '../../shared/tensor.ts';
import type { RequestVariables } from '../environment.ts';
import type { Answer } from './operation.ts';
import type { RowLayout } from './rows/layout.ts';

/** Counts rows, and watches them for drift where they are whole rows; categories are none of its business. */
export function observeRows(
  { record, drift }: Pick<RequestVariables, 'record' | 'drift'>,
  manifest: Manifest,
  { takes, input, columns, width }: RowLayout,
  { inputs, rowCount }: { readonly inputs: Tensors; readonly rowCount: number },
): void {
  record.rows = rowCount;
  // Codes, and histories, are not what the manifest has the statistics of.
  if (takes === 'codes' || width !== manifest.features.count) return;
  if (input !== undefined) {
    drift.observeRows(manifest, inputs[input]!.data as Float32Array, rowCount, width);
    return;
  }
  const data = new Float32Array(rowCount * width).fill(Number.NaN);
  for (const [column, { input: name, dtype }] of columns.entries()) {
    if (dtype === 'string') continue;
    const values = inputs[name]!.data as Float32Array;
    for (let row = 0; row < rowCount; row++) data[row * width + column] = values[row]!;
  }
  drift.observeRows(manifest, data, rowCount, width);
}

/** Watches reconstruction errors, where they were measured. */
export function observeErrors(
  { record, drift }: Pick<RequestVariables, 'record' | 'drift'>,
  manifest: Manifest,
  { errors }: Pick<Answer<unknown>, 'errors'>,
): void {
  if (errors === undefined) return;
  // Of the pieces of a streamed answer, the first is what is logged.
  record.meanError ??= errors.reduce((sum, error) => sum + error, 0) / errors.length;
  drift.observeErrors(manifest, errors);
}
