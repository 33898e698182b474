/** Telemetry of operations: counts of rows, and drift. */
import type { Manifest } from '../../shared/manifest.ts';
import type { RequestVariables } from '../environment.ts';
import type { Answer } from './operation.ts';
import { type Batch, faultless } from './rows/batch.ts';
import type { RowLayout } from './rows/layout.ts';

/** Counts rows and categories that training did not see, and adds whole rows to the drift statistics. */
export function observeRows(
  { record, drift }: Pick<RequestVariables, 'record' | 'drift'>,
  manifest: Manifest,
  { takes, input, columns, width }: RowLayout,
  batch: Batch,
): void {
  record.rows = batch.rowCount;
  // The manifest has no statistics of codes or of histories.
  if (takes === 'codes' || width !== manifest.features.count) return;
  const { inputs, rowCount } = faultless(batch);
  if (input !== undefined) {
    drift.observeRows(manifest, inputs[input]!.data as Float32Array, rowCount, width);
    return;
  }
  const data = new Float32Array(rowCount * width).fill(Number.NaN);
  for (const [column, { input: name, dtype }] of columns.entries()) {
    if (dtype === 'string') {
      const texts = inputs[name]!.data as readonly string[];
      record.unseen += drift.observeCategories(manifest, column, texts);
      continue;
    }
    const values = inputs[name]!.data as Float32Array;
    for (let row = 0; row < rowCount; row++) data[row * width + column] = values[row]!;
  }
  drift.observeRows(manifest, data, rowCount, width);
}

/** Adds reconstruction errors to the drift statistics, if the operation measured them. */
export function observeErrors(
  { record, drift }: Pick<RequestVariables, 'record' | 'drift'>,
  manifest: Manifest,
  { errors }: Pick<Answer<unknown>, 'errors'>,
): void {
  if (errors === undefined || errors.length === 0) return;
  // For a streamed answer, only the first piece is logged.
  record.meanError ??= errors.reduce((sum, error) => sum + error, 0) / errors.length;
  drift.observeErrors(manifest, errors);
}
