/** Training from data to an artifact: split, train, package. */
import packageJson from '../package.json' with { type: 'json' };
import { InterruptedError } from '../shared/errors.ts';
import type { Matrix, Rows } from '../shared/tensor.ts';
import type { TrainedArtifact } from './artifact/artifact.ts';
import { packageModel } from './artifact/package.ts';
import type { OnStage } from './artifact/stages.ts';
import { type Dataset, fingerprint } from './data/dataset.ts';
import type { Split } from './data/split.ts';
import type { EngineOptions, TrainingSession } from './engines/engine.ts';
import { ENGINES, type EngineName } from './engines/registry.ts';
import { threadsFor } from './engines/threads.ts';
import {
  type CheckpointStore,
  checkpointPath,
  checkpointStore,
  type RunIdentity,
} from './fitting/checkpoint.ts';
import { type Epoch, type Fit, type FitOptions, fit } from './fitting/fit.ts';
import { printedEpochs } from './fitting/history.ts';
import { type InitialWeights, loadInitialWeights, variantStart } from './fitting/initialWeights.ts';
import { requireConsistent } from './fitting/requireUsable.ts';
import type { VariantChoice } from './models/variantChoice.ts';
import { openRun, START_TOOLS } from './openRun.ts';
import type { PredictorName } from './predictors/registry.ts';
import { requireRunnable } from './runChecks.ts';
import type { ResolvedSettings, Settings } from './settings.ts';

export interface TrainOptions<V extends VariantChoice = 'undercomplete', R extends Rows = Matrix>
  extends Pick<FitOptions, 'signal' | 'onEpoch' | 'onProgress'>,
    EngineOptions {
  /** Name of the model: lower-case words joined by hyphens. */
  readonly name: string;
  readonly data: Dataset<R>;
  /** Name of a variant, or one made by `defineVariant`; `undercomplete` by default. */
  readonly variant?: V;
  readonly settings?: Settings<V>;
  /** Fitted to the codes of the training rows after training; predicts the data's target or labels. */
  readonly predictor?: PredictorName;
  /** Name of the recipe in the manifest; the model's name by default. */
  readonly recipe?: string;
  /** Integer in [0, 2^32); 1 by default. The same seed on the same machine gives byte-identical graphs. */
  readonly seed?: number;
  /** The seed by which rows are split, in the same range; that of `seed` by default. */
  readonly splitSeed?: number;
  readonly engine?: EngineName;
  /** Artifacts are written to `{out}/{name}/{version}/`; `artifacts` by default. */
  readonly out?: string;
  /**
   * False for an artifact that holds no row of the data: known answers are for made-up rows, and the report shows no
   * rows, and neither codes nor predictions of rows. True by default.
   */
  readonly withRows?: boolean;
  /**
   * Continues from the last checkpoint of the same run, if there is one, and ends in byte-identical graphs.
   * Without `resume`, the first new checkpoint replaces the old one.
   */
  readonly resume?: boolean;
  /** Keeps a model that is worse than predicting the mean, or has diverged, which is refused otherwise; its card and manifest say why. */
  readonly force?: boolean;
  /** Weights of another model to start from, instead of random ones. */
  readonly initial?: InitialWeights;
  /** Prints a line for each epoch to stderr; `onEpoch` receives the same figures. */
  readonly progress?: boolean;
  /** Receives one line that describes the engine. */
  readonly onEngine?: (description: string) => void;
  /** Called before the first step with the epochs restored from a checkpoint; empty for a new run. */
  readonly onStart?: (history: readonly Epoch[]) => void;
  /** Called when training has ended, before the artifact is made; `signal` has no effect from here on. */
  readonly onPackage?: () => void;
  /** Called at the start of each stage of packaging, with the number of stages done and of all stages. */
  readonly onStage?: OnStage;
}

export interface Trained<R extends Rows = Matrix> {
  readonly artifact: TrainedArtifact;
  readonly fit: Fit;
  readonly split: Split<R>;
  /** Duration of the whole run. */
  readonly seconds: number;
}

/**
 * Trains a model and writes its artifact. If `signal` is aborted, training stops before the next batch and
 * the best weights so far are packaged. Checkpoints stay in `{out}/{name}/.checkpoint` until training has
 * ended.
 * @throws {InputError} if the name, a setting, the folder or the data is unusable, or the checkpoint is
 * another run's.
 * @throws {DivergedError} if a loss becomes NaN or infinite.
 * @throws {GateError} if the WASM runtime does not reproduce the model, a smaller weight type worsens it too
 * much or, without `force`, the model is worse than predicting the mean or diverged; no artifact is written, and the last checkpoint is kept.
 * @throws {StorageError} if the disk is full, for instance; the last checkpoint is kept.
 * @throws {InterruptedError} if interrupted before the end of the first epoch; no artifact is written.
 */
export async function train<V extends VariantChoice = 'undercomplete', R extends Rows = Matrix>(
  options: TrainOptions<V, R>,
): Promise<Trained<R>> {
  const { name, data, seed = 1, engine = 'onnxruntime', out = 'artifacts', predictor, threads } = options;
  const variant = options.variant ?? ('undercomplete' as V);
  const splitSeed = options.splitSeed ?? seed;
  const started = performance.now();
  requireRunnable({ name, variant, seed, engine, predictor, threads }, out);
  requireConsistent(data);
  const run = openRun({ variant, settings: options.settings, data, seed, splitSeed, predictor });
  const { settings, definition, model, program, split } = run;

  const session = await ENGINES[engine](program, {
    threads: threads ?? threadsFor(program, settings.training.batchSize),
  });
  const initial = options.initial && { initial: options.initial.source };
  const made = {
    variant: definition.name,
    data: fingerprint(data),
    seed,
    ...(splitSeed !== seed && { splitSeed }),
    engine: session.description,
    ...initial,
  };
  const store = checkpointStore(checkpointPath(out, name), identityOf(settings, made));
  const result = await disposing(session, async () => {
    options.onEngine?.(session.description);
    const from = options.resume === true ? await store.load() : undefined;
    if (from === undefined) {
      const start =
        options.initial ??
        (await variantStart(definition, settings.model, split.train, START_TOOLS, program));
      if (start !== undefined) await loadInitialWeights(session, program, start);
    }
    options.onStart?.(from?.history ?? []);
    const checkpoint = checkpointing(store, settings.training.checkpointEvery);
    const onEpoch = options.progress
      ? printedEpochs(settings.training.epochs, options.onEpoch)
      : options.onEpoch;
    return fit(session, {
      ...options,
      ...split,
      train: data.stored ?? split.train,
      ...settings.training,
      ...{ seed, from, checkpoint },
      ...(onEpoch && { onEpoch }),
    });
  });
  if (result.bestEpoch === 0) {
    throw new InterruptedError('interrupted before the first epoch ended: there are no weights to keep');
  }
  options.onPackage?.();
  const artifact = await packageModel({
    name,
    recipe: options.recipe ?? name,
    variant: definition.name,
    settings,
    seed,
    splitSeed,
    engine: session.description,
    data,
    fingerprint: made.data,
    split,
    parts: run.parts,
    model,
    predictor,
    program,
    initial: options.initial?.source,
    fit: result,
    started,
    out,
    withRows: options.withRows ?? true,
    force: options.force ?? false,
    onStage: options.onStage,
  });
  if (!result.interrupted) await store.remove();
  return { artifact, fit: result, split, seconds: (performance.now() - started) / 1000 };
}

/** Everything that determines what a run learns, under the names used to refuse another run's checkpoint. */
function identityOf({ model, training, optimizer }: ResolvedSettings, made: RunIdentity): RunIdentity {
  const { weightType: _, weightTolerance: __, ...learned } = training;
  const flat = Object.entries({ ...model, ...learned, ...optimizer });
  const named = flat.map(([name, value]) => [`setting ${name}`, value] as const);
  return { latentedge: packageJson.version, ...made, ...Object.fromEntries(named) };
}

function checkpointing(store: CheckpointStore, every: number): FitOptions['checkpoint'] {
  return every === 0 ? undefined : { every, save: store.save };
}

async function disposing<T>(session: TrainingSession, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await session.dispose();
  }
}
