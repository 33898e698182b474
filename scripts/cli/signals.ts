/**
 * Signals that ask a command to stop. Every command ends with a sentence and the exit code of the signal, at
 * any moment; a phase that has something to keep or to close handles the first signal itself.
 */

/** Exit codes by signal: 128 and the number of the signal. */
export const STOP_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export type StopSignal = keyof typeof STOP_CODES;

export const STOP_SIGNALS = Object.keys(STOP_CODES) as readonly StopSignal[];

type StopHandler = (signal: StopSignal) => void;

interface Handled {
  readonly handler: StopHandler;
  readonly signals: readonly StopSignal[];
}

/** The innermost phase is the last one, and handles the next signal. */
const phases: Handled[] = [];

const PARENT_POLL_MS = 500;
/** Milliseconds in which other signals belong to the first: a terminal that closes ends npm and its shell as well. */
const SAME_STOP_MS = 2000;

let first: { readonly signal: StopSignal; readonly at: number } | undefined;

/** True once the process was asked to stop. */
export function isStopping(): boolean {
  return first !== undefined;
}

/** Ends the process on the signals, and when the npm that runs it has ended. */
export function handleStopSignals(): void {
  for (const signal of STOP_SIGNALS) process.on(signal, received);
  if (process.env.npm_lifecycle_event !== undefined) stopWithParent();
}

/**
 * Passes the next of the signals to `handler`, only once: another one ends the process. Returns a function
 * that removes the handler.
 */
export function onStopSignal(handler: StopHandler, signals = STOP_SIGNALS): () => void {
  const phase = { handler, signals };
  phases.push(phase);
  return () => forget(phase);
}

/**
 * Resolves with the exit code of the signal when the process is asked to stop, which is how a command that serves
 * ends.
 */
export function untilStopped(): Promise<number> {
  return new Promise((resolve) => {
    onStopSignal((signal) => {
      process.stderr.write(`stopped by ${nameOf(signal)}\n`);
      resolve(STOP_CODES[signal]);
    });
  });
}

/**
 * Runs code of a package and removes the listeners for signals that it adds: they would end the process at
 * once, some of them with exit code 0.
 */
export function withoutForeignListeners<T>(work: () => T): T {
  const known = STOP_SIGNALS.map((signal) => [signal, process.listeners(signal)] as const);
  const result = work();
  for (const [signal, before] of known) {
    for (const listener of process.listeners(signal)) {
      if (!before.includes(listener)) process.removeListener(signal, listener);
    }
  }
  return result;
}

function received(signal: StopSignal): void {
  if (first !== undefined && first.signal !== signal && performance.now() - first.at < SAME_STOP_MS) return;
  first ??= { signal, at: performance.now() };
  const phase = phases.findLast(({ signals }) => signals.includes(signal));
  if (phase !== undefined) {
    forget(phase);
    phase.handler(signal);
    return;
  }
  // A terminal that is gone cannot be written to, and the attempt ends the process.
  process.exitCode = STOP_CODES[signal];
  process.stderr.write(`${sentence(signal)}\n`);
  process.exit(STOP_CODES[signal]);
}

function sentence(signal: StopSignal): string {
  return `interrupted: ended by ${nameOf(signal)}; what was written before is kept`;
}

export function nameOf(signal: StopSignal): string {
  return signal === 'SIGINT' ? 'Ctrl-C (SIGINT)' : signal;
}

function forget(phase: Handled): void {
  const at = phases.indexOf(phase);
  if (at >= 0) phases.splice(at, 1);
}

/** The shell between npm and this process does not pass signals on: it just ends. */
function stopWithParent(): void {
  const parent = process.ppid;
  const poll = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(poll);
    if (first === undefined) received('SIGTERM');
  }, PARENT_POLL_MS).unref();
}
