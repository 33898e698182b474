import { graphSpec, type Manifest } from '../../shared/manifest.ts';
import { ProblemError } from '../problems.ts';
import type { Limits } from '../settings.ts';

/**
 * Bytes of a body that is as large as it may be, for each value of an answer. In JSON, a value takes some 20 bytes, and
 * about 100 of memory while it is written.
 */
const BYTES_PER_VALUE = 8;

/**
 * Rows that one answer of a model may hold. Few bytes can ask for many rows (a seed, two codes), and rows can be wide: an
 * answer is bounded as the request's body is.
 */
export function maxRowsOf(manifest: Manifest, { maxRows, maxBodyBytes }: Limits): number {
  const [reconstruction] = graphSpec(manifest, 'decoder').outputs;
  // Of a category, a reconstruction holds the probability of each value.
  const width = Math.max(manifest.features.count, Number(reconstruction?.shape[1]) || 0);
  return Math.max(1, Math.min(maxRows, Math.floor(maxBodyBytes / (BYTES_PER_VALUE * width))));
}

/** @throws {ProblemError} `too-many-rows` where more are sent, or asked for, than one request may have. */
export function assertCount(rowCount: number, limit: number): void {
  if (rowCount <= limit) return;
  const received = `${rowCount} rows`;
  const detail = `A request may have ${limit} rows; received ${rowCount}.`;
  throw new ProblemError('too-many-rows', { detail, received, limit });
}
