/** What is known of one request: filled in by whoever knows it, told once it is answered. */
import type { ProblemSlug } from '../problems.ts';

/**
 * The parts of an operation that are timed: the body arrives, becomes tensors, waits for the runtime, is run, and the
 * result becomes the answer's body.
 */
export const PHASES = ['receive', 'parse', 'queue', 'run', 'serialise'] as const;
export type Phase = (typeof PHASES)[number];

export interface RequestRecord {
  /** The answer's `X-Request-Id`. Ours, not the client's: nothing that a client sends is logged. */
  readonly requestId: string;
  /** The name of the API key that it was asked with, or null without one. */
  key: string | null;
  /** The phase that is being timed now. */
  phase: Phase | undefined;
  /** Milliseconds for each phase that there was. */
  readonly marks: Record<Phase, number | undefined>;
  /** What was asked of the model; one of few names, never a name that the client made up. */
  operation: string | undefined;
  /** The model that answered, and its version: as listed, never as the client wrote them. */
  model: string | undefined;
  version: string | undefined;
  /** Rows or codes of the request; 0 where it has none. */
  rows: number;
  /** What was wrong, where the answer is a problem. */
  problem: ProblemSlug | undefined;
  /** Mean reconstruction error of the rows, where the operation measures it. */
  meanError: number | undefined;
}

export function newRecord(): RequestRecord {
  return {
    requestId: crypto.randomUUID(),
    key: null,
    phase: undefined,
    marks: { receive: undefined, parse: undefined, queue: undefined, run: undefined, serialise: undefined },
    operation: undefined,
    model: undefined,
    version: undefined,
    rows: 0,
    problem: undefined,
    meanError: undefined,
  };
}

/**
 * Does the work, which may be asynchronous, and adds the milliseconds that it takes to a phase of the record.
 *
 * @example
 * const body = await timed(c.var.record, 'receive', () => readBody(request, limit));
 * const rows = timed(c.var.record, 'parse', () => packRows(body, width));
 */
export function timed<Result>(record: RequestRecord, phase: Phase, work: () => Result): Result {
  const start = performance.now();
  const end = (): void => {
    record.marks[phase] = (record.marks[phase] ?? 0) + performance.now() - start;
    record.phase = undefined;
  };
  record.phase = phase;
  let isPending = false;
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    isPending = true;
    // A promise of the same result: TypeScript does not see that `Result` is one here.
    return result.finally(end) as Result;
  } finally {
    if (!isPending) end();
  }
}

/**
 * Times a run, and what it waits for before: for the graph to load, and for the runs before it.
 *
 * @example
 * const timer = runTimer(record);
 * await session.run(inputs, outputs, timer.started);
 * timer.ended();
 */
export function runTimer(record: RequestRecord): { started: () => void; ended: () => void } {
  let since = performance.now();
  const next = (done: Phase, following: Phase | undefined): void => {
    const now = performance.now();
    record.marks[done] = (record.marks[done] ?? 0) + now - since;
    record.phase = following;
    since = now;
  };
  record.phase = 'queue';
  return { started: () => next('queue', 'run'), ended: () => next('run', undefined) };
}

/**
 * The value of the `Server-Timing` header (W3C Server Timing): each phase that there was, and `total`, in milliseconds.
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

/** Microseconds are the end of what anybody can tell apart. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
