/** One trial: a run with some settings, trained up to a rung, and continued from there by the next. */
import packageJson from '../../package.json' with { type: 'json' };
import { DivergedError, InputError, InterruptedError } from '../../shared/errors.ts';
import { ENGINES } from '../../training/engines/registry.ts';
import { checkpointStore } from '../../training/fitting/checkpoint.ts';
import { type Fit, fit, type Snapshot } from '../../training/fitting/fit.ts';
import { loadInitialWeights, variantStart } from '../../training/fitting/initialWeights.ts';
import { openRun, START_TOOLS } from '../../training/openRun.ts';
import type { PreparedRun } from '../cli/preparedRun.ts';
import { LOSS, measureBy } from './objectives.ts';
import type { TrialSettings } from './space.ts';

export interface TrialTask {
  /** Counts from 1. */
  readonly trial: number;
  readonly settings: TrialSettings;
  /** Epochs to have trained in the end, those of earlier rungs included. */
  readonly until: number;
  /** File that the state is kept in from one rung to the next. */
  readonly checkpoint: string;
  readonly by: string;
  readonly seed: number;
}

export interface TrialResult {
  readonly trial: number;
  /** Epochs that the trial has trained in all; fewer than were asked for if it stopped early. */
  readonly epochs: number;
  /** The objective on the validation rows, of the epoch with the lowest loss; null if there is none. */
  readonly value: number | null;
  /** Time of this rung alone. */
  readonly seconds: number;
  /** Reason why there is no value: the trial diverged, or its settings exclude each other. */
  readonly problem?: string;
}

/**
 * Runs a trial, on one thread. Settings that cannot be used, and losses that diverge, are results.
 * @throws {InterruptedError} if `signal` is aborted; what the last rung left stays.
 * @throws {InputError} if the objective does not apply.
 */
export async function runTrial(
  prepared: PreparedRun,
  task: TrialTask,
  signal: AbortSignal,
): Promise<TrialResult> {
  const started = performance.now();
  const { trial, until } = task;
  const result = (rest: Omit<TrialResult, 'trial' | 'seconds'>): TrialResult => ({
    trial,
    ...rest,
    seconds: (performance.now() - started) / 1000,
  });
  const opened = opening(prepared, task);
  if ('problem' in opened) return result({ epochs: 0, value: null, problem: opened.problem });
  try {
    const fitted = await trained(opened, task, signal);
    const { history, bestEpoch, weights } = fitted;
    if (history.length < until && !fitted.stoppedEarly)
      throw new InterruptedError(`trial ${trial} was stopped after epoch ${history.length} of ${until}`);
    const value =
      task.by === LOSS
        ? history[bestEpoch - 1]!.validation.loss
        : await measureBy(task.by, { ...prepared, ...opened, weights, seed: task.seed });
    return result({ epochs: history.length, value });
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    return result({ epochs: 0, value: null, problem: error.message });
  }
}

/** Builds the program of a trial, or returns the reason why its settings cannot be used together. */
function opening(
  { recipe, data, settings: common, splitSeed }: PreparedRun,
  { settings: own, seed }: TrialTask,
) {
  try {
    const { variant, predictor } = recipe;
    return openRun({ variant, settings: { ...common, ...own }, data, seed, splitSeed, predictor });
  } catch (error) {
    if (error instanceof InputError) return { problem: error.message };
    throw error;
  }
}

type Opened = Exclude<ReturnType<typeof opening>, { problem: string }>;

/** Trains from the last rung's state, or from the beginning, until the rung or patience ends it. */
async function trained(
  { settings, definition, program, split }: Opened,
  { until, checkpoint, seed, settings: own }: TrialTask,
  signal: AbortSignal,
): Promise<Fit> {
  const identity = { latentedge: packageJson.version, seed, settings: JSON.stringify(own) };
  const store = checkpointStore(checkpoint, identity);
  const from = await store.load();
  if (from !== undefined && from.history.length >= until) return asFit(from);
  const session = await ENGINES.onnxruntime(program, { threads: 1 });
  try {
    const start =
      from === undefined
        ? await variantStart(definition, settings.model, split.train, START_TOOLS, program)
        : undefined;
    if (start !== undefined) await loadInitialWeights(session, program, start);
    const rung = new AbortController();
    return await fit(session, {
      ...split,
      ...settings.training,
      ...{ seed, from, checkpoint: { every: until, save: store.save } },
      signal: AbortSignal.any([signal, rung.signal]),
      onEpoch: ({ epoch }) => {
        if (epoch >= until) rung.abort();
      },
    });
  } finally {
    await session.dispose();
  }
}

function asFit({ history, best }: Snapshot): Fit {
  const { epoch: bestEpoch, weights } = best;
  return { history, weights, bestEpoch, interrupted: false, stoppedEarly: false };
}
