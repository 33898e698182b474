/** Runs the trials of a search, rung by rung. */
import { InterruptedError } from '../../shared/errors.ts';
import { isBetter } from './objectives.ts';
import type { Rung } from './rungs.ts';
import type { TrialSettings } from './space.ts';
import type { Study, Trial } from './study.ts';
import type { TrialResult, TrialTask } from './trial.ts';

/** Runs one task at a time. */
export type TrialRunner = (task: TrialTask) => Promise<TrialResult>;

export interface SearchOptions {
  /** The settings of the trials, in order. */
  readonly design: readonly TrialSettings[];
  readonly rungs: readonly Rung[];
  readonly by: string;
  readonly seed: number;
  readonly study: Study;
  /** As many tasks run at a time. */
  readonly runners: readonly TrialRunner[];
  readonly signal: AbortSignal;
  readonly onResult: (trial: Trial, rung: number) => void;
}

/**
 * Runs all rungs, or as many trials as end before `signal` is aborted; trials that the study holds are not run
 * again. Returns all trials that have a result, the best first.
 */
export async function search(options: SearchOptions): Promise<Trial[]> {
  const { design, rungs, by, study, signal, onResult } = options;
  const trials = design.map(
    (settings, i) => study.stored.get(i + 1) ?? { trial: i + 1, settings, rungs: [] },
  );
  let going = trials.map((_, i) => i);
  for (const [rung, { epochs, trials: count }] of rungs.entries()) {
    const next = going.slice(0, count);
    for (const i of going.slice(count)) await study.drop(trials[i]!.trial);
    const waiting = next.filter((i) => trials[i]!.rungs.length <= rung && isAlive(trials[i]!));
    await inTurns(waiting, options, async (i, run) => {
      const { trial, settings, rungs: before } = trials[i]!;
      const checkpoint = study.checkpointOf(trial);
      const result = await run({ trial, settings, until: epochs, checkpoint, by, seed: options.seed });
      trials[i] = { trial, settings, rungs: [...before, result] };
      await study.save(trials[i]);
      onResult(trials[i], rung);
    });
    if (signal.aborted) break;
    going = next.filter((i) => isAlive(trials[i]!)).sort((a, b) => compare(by, trials[a]!, trials[b]!));
  }
  return trials.filter((each) => each.rungs.length > 0).sort((a, b) => compare(by, a, b));
}

/** Passes the items to the runners, each to the next one that is free, until all are done or the signal is aborted. */
async function inTurns<T>(
  items: readonly T[],
  { runners, signal }: SearchOptions,
  work: (item: T, run: TrialRunner) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  await Promise.all(
    runners.map(async (run) => {
      while (queue.length > 0 && !signal.aborted) {
        try {
          await work(queue.shift()!, run);
        } catch (error) {
          if (!(error instanceof InterruptedError)) throw error;
        }
      }
    }),
  );
}

/** The last value of a trial; null if it has none. */
export function lastValue({ rungs }: Trial): number | null {
  return rungs.at(-1)?.value ?? null;
}

function isAlive(trial: Trial): boolean {
  return trial.rungs.length === 0 || lastValue(trial) !== null;
}

/** Orders trials: those that came further first, then the better; those without a value last. */
function compare(by: string, a: Trial, b: Trial): number {
  const [one, other] = [lastValue(a), lastValue(b)];
  if (one === null || other === null)
    return Number(one === null) - Number(other === null) || a.trial - b.trial;
  if (a.rungs.length !== b.rungs.length) return b.rungs.length - a.rungs.length;
  if (one === other) return a.trial - b.trial;
  return isBetter(by, one, other) ? -1 : 1;
}
