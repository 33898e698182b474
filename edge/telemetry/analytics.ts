/**
 * Data points in Workers Analytics Engine, from all isolates, for SQL: one per request, and regular ones for
 * drift.
 */
import type { DriftSummary } from '../../shared/adminApi.ts';
import { createDrift, type Drift } from './drift.ts';
import type { RequestRecord } from './record.ts';

/** The Workers Analytics Engine binding. It stores points after the request, and never makes it fail. */
export interface AnalyticsDataset {
  writeDataPoint(point: { indexes: string[]; blobs: string[]; doubles: number[] }): void;
}

/** Stands for a mean reconstruction error that was not measured; errors are never negative. */
const NOT_MEASURED = -1;

/**
 * Writes a request. Index: model. Blobs: model, version, operation, problem. Doubles: rows, milliseconds,
 * mean reconstruction error (-1 if not measured). Requests without a model and without a problem are not
 * written.
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
 * Writes the drift of a model. The operation is `drift`; doubles: weight of the rows, 0, mean reconstruction
 * error (-1 if not measured), score, shift of the reconstruction error.
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

/**
 * Creates empty drift statistics, which write a data point to the dataset at intervals, if there is a
 * dataset.
 */
export function reportingDrift(dataset: AnalyticsDataset | undefined): Drift {
  return createDrift(dataset && ((manifest, summary) => writeDrift(dataset, manifest, summary)));
}
