/** Telemetry of calls that do not come over HTTP. */

import type { OperationName } from '../../shared/manifest.ts';
import { problemOf } from '../middleware/errors.ts';
import { PROBLEMS } from '../problems.ts';
import type { Shared } from '../requests/running.ts';
import { elapsedSince } from '../runtime/elapsed.ts';
import { newRecord } from '../telemetry/record.ts';
import { tell } from '../telemetry/tell.ts';
import type { Service } from './service.ts';

/** The origin of a call: a method of an open model, another Worker, or a chunk of a job. */
export type CallDoor = 'CALL' | 'RPC' | 'JOB';

/**
 * Does the work of one call, which is counted, logged and written to Analytics Engine like a request, with
 * the status that a request would be answered with.
 * @throws {ProblemError} in place of any error; one that was not expected is logged, and becomes its cause.
 */
export async function recorded<Result>(
  { models, settings, bindings, metrics, drift, inFlight, rowLog, shadowing }: Service,
  door: CallDoor,
  operation: OperationName,
  work: (shared: Shared) => Promise<Result>,
): Promise<Result> {
  const record = newRecord();
  record.operation = operation;
  let status: number = 200;
  try {
    const { limits } = settings;
    const shared = { models, limits, record, drift, inFlight, shadowing, vectors: bindings.vectors };
    // Rows of jobs are in a bucket already.
    return await work({ ...shared, rowLog: door === 'JOB' ? undefined : rowLog });
  } catch (error) {
    const problem = problemOf(error, record);
    status = PROBLEMS[problem.slug].status;
    throw problem;
  } finally {
    const answered = { method: door, route: operation, status, milliseconds: elapsedSince(record.startedAt) };
    tell(record, answered, { metrics, analytics: bindings.analytics, log: settings.log });
  }
}
