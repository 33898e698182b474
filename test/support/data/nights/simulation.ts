/** Nights of retraining in this process: the steps that decide, on tables in memory, with the model that they promote. */
import { inChampionOrder } from '../../../../scripts/retrain/columnOrder.ts';
import {
  challengerOf,
  championOf,
  type RetrainOptions,
  type RetrainRun,
  type RunState,
  type TrainedState,
} from '../../../../scripts/retrain/context.ts';
import type { JournalEntry } from '../../../../scripts/retrain/journal.ts';
import { rememberPromoted } from '../../../../scripts/retrain/rememberPromoted.ts';
import { evaluate } from '../../../../scripts/retrain/steps/evaluate.ts';
import { inspect } from '../../../../scripts/retrain/steps/inspect.ts';
import { judge } from '../../../../scripts/retrain/steps/judge.ts';
import { train } from '../../../../scripts/retrain/steps/train.ts';
import type { Target } from '../../../../scripts/retrain/targets/target.ts';
import { publishArtifact } from '../../../../scripts/store/publish.ts';
import { GateError } from '../../../../shared/errors.ts';
import type { Rows } from '../../../../shared/tensor.ts';
import type { Dataset } from '../../../../training/data/dataset.ts';
import type { AnyRecipe } from '../../../../training/recipes/recipe.ts';
import { memoryBucket } from './memoryBucket.ts';

export interface Night {
  /** Reason for the refusal; undefined if the challenger was promoted. */
  readonly refused: string | undefined;
  readonly state: RunState;
}

export interface Nights {
  /** Runs one night, and promotes its challenger unless it is refused. */
  readonly night: (data: Dataset<Rows>, options?: Partial<RetrainOptions>) => Promise<Night>;
  /** Judges a night as `night` does, but promotes nothing. */
  readonly trial: (data: Dataset<Rows>, options?: Partial<RetrainOptions>) => Promise<Night>;
  /** The version in production. */
  readonly production: () => string | undefined;
}

export interface Simulated {
  readonly out: string;
  readonly recipe: AnyRecipe;
  readonly settings: Readonly<Record<string, unknown>>;
}

const STEPS = { inspect, train, evaluate, judge } as const;

export function nights({ out, recipe, settings }: Simulated): Nights {
  const bucket = memoryBucket();
  const history: JournalEntry[] = [];
  let production: string | undefined;
  const options: RetrainOptions = {
    ...{ out, engine: 'onnxruntime', seed: 1, threads: 1, set: [], watch: 0 },
    ...{ limits: {}, accept: [], allowBreaking: false, dryRun: false },
    ...{ canaryAnswers: 200, shadowAnswers: 200, fewAnswers: 'refuse' },
  };
  const trial: Nights['trial'] = async (data, others = {}) => {
    const run: RetrainRun = {
      ...{ id: `night ${history.length}`, model: recipe.name, history, print: () => undefined },
      command: { line: `npm run retrain -- ${recipe.name}`, trains: true },
      options: { ...options, ...others },
      prepared: { recipe, engine: 'onnxruntime', splitSeed: 1, data, settings },
      target: { bucket } as Target,
    };
    let state: RunState = { before: production === undefined ? null : { production } };
    const champion = await championOf(run, state);
    const prepared = champion === undefined ? run.prepared : inChampionOrder(run.prepared, champion.manifest);
    const ordered = { ...run, prepared };
    try {
      for (const step of Object.values(STEPS)) state = { ...state, ...(await step.run(ordered, state)) };
      return { refused: undefined, state };
    } catch (error) {
      if (error instanceof GateError) return { refused: error.message, state };
      throw error;
    }
  };
  return {
    trial,
    production: () => production,
    night: async (data, others) => {
      const { refused, state } = await trial(data, others);
      if (refused !== undefined) return { refused, state };
      const prepared = { data };
      const run = { options, model: recipe.name, target: { bucket }, prepared } as unknown as RetrainRun;
      await publishArtifact(bucket, await challengerOf(run, state));
      await rememberPromoted(run, state);
      production = (state as TrainedState).challenger;
      const id = `night ${history.length}`;
      history.push(
        { run: id, at: '', event: 'done', step: 'inspect', details: { found: { rows: state.rows } } },
        { run: id, at: '', event: 'ended', outcome: 'promoted' },
      );
      return { refused, state };
    },
  };
}
