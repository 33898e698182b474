/**
 * Running steps of freezing in other processes: V8 and onnxruntime keep what a step needed at its peak, which would stay
 * with the process that serves. Steps of small graphs share processes: starting one takes as long as such a step.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { GateError, InputError } from '../../shared/errors.ts';
import { startProcess } from '../cli/childProcess.ts';
import type { StepInput, StepName, StepResult } from './steps.ts';

export interface StepQuestion {
  readonly name: StepName;
  readonly input: unknown;
}

export type StepAnswer =
  | { readonly result: unknown }
  | {
      readonly error: {
        readonly kind: 'gate' | 'input' | undefined;
        readonly message: string;
        readonly stack: string;
      };
    };

/** Processes at once. */
const PROCESSES = 2;
/** Fewest graphs for which another process is started: that takes as long as running a few small ones. */
const MIN_SHARE = 4;
/** Bytes of graphs from which on a step needs so much memory that it runs alone, in a process that ends with it. */
const LARGE = 16 * 2 ** 20;
/** Milliseconds after which a process ends that has no step to run. */
const IDLE_MS = 1000;

let free: number = PROCESSES;
const waiting: { readonly places: number; readonly start: () => void }[] = [];
const idle: { readonly child: ChildProcess; readonly timer: NodeJS.Timeout }[] = [];

/**
 * Runs a step in another process, once there is room for it.
 * @throws {GateError} or {InputError} as the step does; any other error with the step's own stack.
 */
export async function inChild<Name extends StepName>(
  name: Name,
  input: StepInput<Name>,
): Promise<StepResult<Name>> {
  const places = bytesOf(input) < LARGE ? 1 : PROCESSES;
  await new Promise<void>((start) => {
    waiting.push({ places, start });
    startNext();
  });
  try {
    return (await answerOf({ name, input }, places === 1)) as StepResult<Name>;
  } finally {
    free += places;
    startNext();
  }
}

/** Divides graphs among the processes that one step may have. */
export function sharesOf<Graph>(graphs: readonly Graph[]): Graph[][] {
  const count = Math.min(PROCESSES, Math.ceil(graphs.length / MIN_SHARE));
  return Array.from({ length: count }, (_, share) => graphs.filter((_graph, i) => i % count === share));
}

/** Starts waiting steps in order, so that large ones get their turn. */
function startNext(): void {
  for (let next = waiting[0]; next && next.places <= free; next = waiting[0]) {
    waiting.shift();
    free -= next.places;
    next.start();
  }
}

function bytesOf({ graphs }: StepInput<StepName>): number {
  return graphs.reduce((sum, graph) => sum + ('source' in graph ? graph.source : graph).bytes.length, 0);
}

/** @param isKept True to keep the process for another step. */
async function answerOf(question: StepQuestion, isKept: boolean): Promise<unknown> {
  const child = (isKept && resumed()) || startProcess('scripts/freeze/child', { execArgv: ['--expose-gc'] });
  const stopped = new AbortController();
  const { signal } = stopped;
  const ended = once(child, 'exit', { signal }).then(([code, cause]) => {
    throw new Error(`the process that was to ${question.name} graphs ended: ${cause ?? `exit code ${code}`}`);
  });
  // Of no interest once there is an answer.
  ended.catch(() => undefined);
  child.send(question);
  const [answer] = (await Promise.race([once(child, 'message', { signal }), ended]).finally(() =>
    stopped.abort(),
  )) as [StepAnswer];
  if (isKept) keep(child);
  else child.disconnect();
  if ('result' in answer) return answer.result;
  const { kind, message, stack } = answer.error;
  if (kind === 'gate') throw new GateError(message);
  if (kind === 'input') throw new InputError(message);
  throw new Error(`could not ${question.name} graphs: ${message}`, { cause: stack });
}

/** Returns a process that has no step to run. */
function resumed(): ChildProcess | undefined {
  for (let last = idle.pop(); last !== undefined; last = idle.pop()) {
    const { child, timer } = last;
    clearTimeout(timer);
    // Something else may have ended it meanwhile.
    if (!child.connected) continue;
    child.ref();
    child.channel!.ref();
    return child;
  }
  return undefined;
}

/** Keeps a process for a while. It ends with this one, and does not keep this one from ending. */
function keep(child: ChildProcess): void {
  child.unref();
  child.channel!.unref();
  const own = {
    child,
    timer: setTimeout(() => {
      idle.splice(idle.indexOf(own), 1);
      if (child.connected) child.disconnect();
    }, IDLE_MS).unref(),
  };
  idle.push(own);
}
