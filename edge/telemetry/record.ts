/** The record of a request: filled in while it is handled, reported once it is answered. */

import { REQUEST_ID } from '../../shared/feedbackApi.ts';
import type { ProblemSlug } from '../problems.ts';
import { elapsedSince } from '../runtime/elapsed.ts';

/**
 * Timed phases of an operation: the body arrives, is parsed into tensors, waits for the runtime, is run, and
 * the result is serialised.
 */
export const PHASES = ['receive', 'parse', 'queue', 'run', 'serialise'] as const;
export type Phase = (typeof PHASES)[number];

export interface RequestRecord {
  /** A reading of `performance.now()` when the request arrived. */
  readonly startedAt: number;
  /** The answer's `X-Request-Id`: the client's if it is a UUID or 32 hex digits, otherwise generated here. */
  readonly requestId: string;
  /** The trace that the client's `traceparent` (W3C Trace Context) names; undefined without a valid one. */
  readonly traceId: string | undefined;
  /** The name of the caller's API key, or null without a key. */
  key: string | null;
  /** The current phase. */
  phase: Phase | undefined;
  /** Milliseconds of each phase so far. */
  readonly marks: Record<Phase, number | undefined>;
  /** The operation; one of a fixed set, never text of the client. */
  operation: string | undefined;
  /** The model that answered, and its version: from the manifest, never text of the client. */
  model: string | undefined;
  version: string | undefined;
  /** Number of rows or codes in the request; 0 if it has none. */
  rows: number;
  /** Number of them that had a problem of their own, so far; the others were answered. */
  unanswered: number;
  /** Number of their categories that training did not see; the model takes them for missing ones. */
  unseen: number;
  /** The problem that was answered, if any. */
  problem: ProblemSlug | undefined;
  /** Mean reconstruction error of the rows, if the operation measures it. */
  meanError: number | undefined;
}

/** Identifiers in this form, and request ids, carry nothing else, so they may be logged. */
const TRACE_PARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** @param headers Headers of the request; undefined for calls that come without. */
export function newRecord(headers?: Headers): RequestRecord {
  const given = headers?.get('X-Request-Id') ?? '';
  const parent = headers?.get('traceparent') ?? '';
  return {
    startedAt: performance.now(),
    requestId: given !== '' && REQUEST_ID.test(given) ? given : crypto.randomUUID(),
    traceId: parent === '' ? undefined : TRACE_PARENT.exec(parent)?.[1],
    key: null,
    phase: undefined,
    marks: { receive: undefined, parse: undefined, queue: undefined, run: undefined, serialise: undefined },
    operation: undefined,
    model: undefined,
    version: undefined,
    rows: 0,
    unanswered: 0,
    unseen: 0,
    problem: undefined,
    meanError: undefined,
  };
}

/**
 * Does the work, which may be asynchronous, and adds its milliseconds to a phase of the record.
 *
 * @example
 * const body = await timed(c.var.record, 'receive', () => readBody(request, limit));
 * const rows = timed(c.var.record, 'parse', () => packRows(body, width));
 */
export function timed<Result>(record: RequestRecord, phase: Phase, work: () => Result): Result {
  const start = performance.now();
  const end = (): void => {
    record.marks[phase] = (record.marks[phase] ?? 0) + elapsedSince(start);
    record.phase = undefined;
  };
  record.phase = phase;
  let isPending = false;
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    isPending = true;
    // TypeScript does not infer that `Result` is a promise here.
    return result.finally(end) as Result;
  } finally {
    if (!isPending) end();
  }
}

/**
 * Times a run, and separately the wait before it: for the graph to load, and for earlier runs.
 *
 * @example
 * const timer = runTimer(record);
 * await session.run(inputs, outputs, timer.started);
 * timer.ended();
 */
export function runTimer(record: RequestRecord): { started: () => void; ended: () => void } {
  let since = performance.now();
  const next = (done: Phase, following: Phase | undefined): void => {
    record.marks[done] = (record.marks[done] ?? 0) + elapsedSince(since);
    record.phase = following;
    since = performance.now();
  };
  record.phase = 'queue';
  return { started: () => next('queue', 'run'), ended: () => next('run', undefined) };
}

/**
 * Returns the value of the `Server-Timing` header (W3C Server Timing): each phase, and `total`, in
 * milliseconds.
 *
 * @example
 * serverTiming(record, 5.1); // 'parse;dur=0.4, run;dur=3.2, total;dur=5.1'
 */
export function serverTiming({ marks }: RequestRecord, total: number): string {
  let text = '';
  for (const phase of PHASES) {
    const milliseconds = marks[phase];
    if (milliseconds !== undefined) text += `${phase};dur=${rounded(milliseconds)}, `;
  }
  return `${text}total;dur=${rounded(total)}`;
}

/** Rounds to microseconds. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
