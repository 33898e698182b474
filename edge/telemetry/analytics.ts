/** One point a request, and one a minute for drift, in Workers Analytics Engine: what all isolates saw, for SQL. */
import type { DriftSummary } from '../../shared/adminApi.ts';
import { createDrift, type Drift } from './drift.ts';
import type { RequestRecord } from './record.ts';

/** The Workers Analytics Engine binding. It keeps the point after the request, and never fails it. */
export interface AnalyticsDataset {
  writeDataPoint(point: { indexes: string[]; blobs: string[]; doubles: number[] }): void;
}

/** In place of a mean reconstruction error that was not measured; errors are never below 0. */
const NOT_MEASURED = -1;

/**
 * Index: model. Blobs: model, version, operation, problem. Doubles: rows, milliseconds, mean reconstruction error (-1
 * where it was not measured). Requests that reached no model and met no problem are not written.
 */
export function writeRequest(dataset: AnalyticsDataset, record: RequestRecord, milliseconds: number): void {
  const { model = '', version = '', operation = '', problem = '', rows, meanError = NOT_MEASURED } = record;
  if (model === '' && problem === '') return;
  dataset.writeDataPoint({
    indexes: [model],
    blobs: [model, version, operation, problem],
    doubles: [rows, milliseconds, meanError],
  });
}

/**
 * The operation is `drift`; doubles: rows that it stands for, 0, mean reconstruction error (-1 where none was measured),
 * score, shift of the reconstruction error.
 */
export function writeDrift(
  dataset: AnalyticsDataset,
  { name, version }: { readonly name: string; readonly version: string },
  { rows, score, reconstructionError }: DriftSummary,
): void {
  const { mean = NOT_MEASURED, shift = 0 } = reconstructionError ?? {};
  dataset.writeDataPoint({
    indexes: [name],
    blobs: [name, version, 'drift', ''],
    doubles: [rows, 0, mean, score ?? 0, shift ?? 0],
  });
}

/** Remembers no rows yet, and writes a point now and then to the dataset, where there is one. */
export function reportingDrift(dataset: AnalyticsDataset | undefined): Drift {
  return createDrift(dataset && ((manifest, summary) => writeDrift(dataset, manifest, summary)));
}
