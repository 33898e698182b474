/** Trials with what their settings cost. */
import type { PreparedRun } from '../cli/preparedRun.ts';
import { type Cost, costOf } from './cost.ts';
import { lastValue } from './search.ts';
import type { Trial } from './study.ts';

/** A trial with its last figure, and its cost. */
export interface ShownTrial {
  /** Counts from 1. */
  readonly trial: number;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Epochs that it has trained. */
  readonly epochs: number;
  /** The objective after these; null if there is none. */
  readonly value: number | null;
  readonly seconds: number;
  readonly problem?: string;
  readonly cost?: Cost;
}

/** Measures the cost of each trial, one after the other. */
export async function shownTrials(
  prepared: PreparedRun,
  trials: readonly Trial[],
  seed: number,
): Promise<ShownTrial[]> {
  const shown: ShownTrial[] = [];
  for (const trial of trials) {
    const { epochs, problem } = trial.rungs.at(-1)!;
    shown.push({
      ...{ trial: trial.trial, settings: trial.settings, epochs, value: lastValue(trial) },
      seconds: trial.rungs.reduce((sum, rung) => sum + rung.seconds, 0),
      ...(problem === undefined ? { cost: await costOf(prepared, trial.settings, seed) } : { problem }),
    });
  }
  return shown;
}
