import { ProblemError } from '../problems.ts';

/** @throws {ProblemError} `too-many-rows` where more are sent, or asked for, than one request may have. */
export function assertCount(rowCount: number, limit: number): void {
  if (rowCount <= limit) return;
  const received = `${rowCount} rows`;
  const detail = `A request may have ${limit} rows; received ${rowCount}.`;
  throw new ProblemError('too-many-rows', { detail, received, limit });
}
