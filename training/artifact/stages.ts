/** Stages of packaging, for progress. */
import { setImmediate } from 'node:timers/promises';

/** Called at the start of each stage: its name, and how many of all stages are done. */
export type OnStage = (stage: string, done: number, of: number) => void;

const STAGES = {
  fit: 'fitting scores and baselines',
  compare: 'comparing runtimes',
  measure: 'measuring',
  map: 'mapping codes',
  describe: 'describing the data',
  write: 'writing the report',
} as const;

/** Returns a function that enters a stage. */
export function stagesOf(onStage: OnStage | undefined): (stage: keyof typeof STAGES) => Promise<void> {
  const stages = Object.keys(STAGES);
  return async (stage) => {
    onStage?.(STAGES[stage], stages.indexOf(stage), stages.length);
    // Between two stages, what has been printed is shown, and Ctrl-C is noticed.
    await setImmediate();
  };
}
