/** Limits on the rows of a request and of an answer. */
import type { Manifest } from '../../shared/manifest.ts';
import { ProblemError } from '../problems.ts';
import type { Limits } from '../settings.ts';

/**
 * Bytes of the largest allowed body per value of an answer. In JSON, a value takes about 20 bytes, and about
 * 100 bytes of memory while it is serialised.
 */
const BYTES_PER_VALUE = 8;

/**
 * Returns the number of rows that one answer of a model may hold. A few bytes can ask for many rows (a seed,
 * two codes), and rows can be wide, so answers are bounded like the bodies of requests.
 */
export function maxRowsOf(manifest: Manifest, { maxRows, maxBodyBytes }: Limits): number {
  const { features, codeSize, graphs } = manifest;
  const [reconstruction] = graphs.decoder?.outputs ?? [];
  // For a category, a reconstruction holds the probability of each value; codes may be wider than rows.
  const width = Math.max(features.count, codeSize, Number(reconstruction?.shape[1]) || 0);
  return Math.max(1, Math.min(maxRows, Math.floor(maxBodyBytes / (BYTES_PER_VALUE * width))));
}

/** @throws {ProblemError} `too-many-rows` if more rows are sent, or asked for, than one request may have. */
export function assertCount(rowCount: number, limit: number): void {
  if (rowCount <= limit) return;
  const received = `${rowCount} rows`;
  const detail = `A request may have up to ${limit} rows; received ${rowCount}.`;
  throw new ProblemError('too-many-rows', { detail, received, limit });
}
