/**
 * The log: one line of JSON per request, on the Worker's console. Nothing that a client sends (headers,
 * bodies, paths, names of unknown models) is logged but identifiers of requests and traces in their exact form;
 * routes are logged by their pattern.
 */
import type { RequestRecord } from './record.ts';

/** The outcome of a request. */
export interface RequestOutcome {
  readonly method: string;
  /** The pattern of the route, for instance `/v1/models/:model/encode`. */
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
}

/**
 * Logs a request.
 *
 * @example
 * {"requestId":"5f0c...","method":"POST","route":"/v1/models/:model/encode","status":200,"ms":3,"key":"web",
 *  "model":"digits","version":"0a1b2c3d4e5f","operation":"encode","rows":1}
 */
export function logRequest(record: RequestRecord, outcome: RequestOutcome): void {
  const { requestId, traceId, key, model, version, operation, rows, problem } = record;
  const { method, route, status, milliseconds: ms } = outcome;
  const [unanswered, unseen] = [record.unanswered || undefined, record.unseen || undefined];
  // JSON.stringify leaves out undefined members.
  const answered = { model, version, operation, rows, unanswered, unseen, problem };
  const line = { requestId, traceId, method, route, status, ms, key, ...answered };
  write('log', line);
}

/** Logs a server error with its stack and those of its causes. `what` must not contain text of the client. */
export function logError({ requestId, traceId, problem }: RequestRecord, what: string, error: unknown): void {
  write('error', { requestId, traceId, problem, what, error: stacks(error) });
}

/** Logs an event of the Worker, for instance the outage of a bucket, with the stacks of its error. */
export function logEvent(what: string, error?: unknown): void {
  if (error === undefined) write('info', { what });
  else write('error', { what, error: stacks(error) });
}

function write(level: 'log' | 'info' | 'error', line: object): void {
  // biome-ignore lint/suspicious/noConsole: a Worker's log is its console, and callers must not see causes.
  console[level](JSON.stringify(line));
}

function stacks(error: unknown): string[] {
  if (!(error instanceof Error)) return error === undefined ? [] : [String(error)];
  return [error.stack ?? error.message, ...stacks(error.cause)];
}
