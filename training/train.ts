/** From data to an artifact: split, train, then package. */
import { join } from 'node:path';
import * as z from 'zod';
import packageJson from '../package.json' with { type: 'json' };
import { InputError, InterruptedError } from '../shared/errors.ts';
import { ModelName } from '../shared/manifest.ts';
import type { Matrix, Rows } from '../shared/tensor.ts';
import type { Artifact } from './artifact/artifact.ts';
import { packageModel } from './artifact/package.ts';
import type { AnyRows } from './data/batches.ts';
import { type Dataset, fingerprint } from './data/dataset.ts';
import { type Split, splitDataset } from './data/split.ts';
import type { EngineOptions, Program, TrainingSession } from './engines/engine.ts';
import { ENGINES, type EngineName } from './engines/registry.ts';
import { requireCalibrated } from './evaluate/metrics/calibration.ts';
import { requireScorable } from './evaluate/metrics/scoring.ts';
import { requireWritable } from './files.ts';
import {
  type CheckpointStore,
  checkpointPath,
  checkpointStore,
  type RunIdentity,
} from './fitting/checkpoint.ts';
import { type Epoch, type Fit, type FitOptions, fit } from './fitting/fit.ts';
import { programOf } from './fitting/program.ts';
import { requireConsistent, requireUsable } from './fitting/requireUsable.ts';
import type { Weights } from './graph/types.ts';
import type { Variant } from './models/model.ts';
import { VARIANTS, type VariantName } from './models/registry.ts';
import { createOptimizer } from './optimizers/create.ts';
import { requirePredictable } from './predictors/predictable.ts';
import { PREDICTORS, type PredictorName } from './predictors/registry.ts';
import { keysOf } from './registry.ts';
import { type ResolvedSettings, resolveSettings, type Settings } from './settings.ts';

export interface TrainOptions<V extends VariantName = 'undercomplete', R extends Rows = Matrix>
  extends Pick<FitOptions, 'signal' | 'onEpoch' | 'onProgress'>,
    EngineOptions {
  /** Name of the model: lower-case words joined by hyphens. */
  readonly name: string;
  readonly data: Dataset<R>;
  readonly variant?: V;
  readonly settings?: Settings<V>;
  /** What is fitted to the codes of the training rows after training, to predict the data's target, or its labels. */
  readonly predictor?: PredictorName;
  /** Name of the recipe, for the manifest; the model's name by default. */
  readonly recipe?: string;
  /** An integer in [0, 2^32), 1 by default. The same seed on the same machine gives byte-identical graphs. */
  readonly seed?: number;
  readonly engine?: EngineName;
  /** Artifacts are written to `{out}/{name}/{version}/`; `artifacts` by default. */
  readonly out?: string;
  /**
   * Continues from the last checkpoint of the same run to byte-identical graphs; starts afresh where there is none.
   * Without it, the first checkpoint replaces the old one.
   */
  readonly resume?: boolean;
  /** Another model's weights to start from, in place of random ones. */
  readonly initial?: InitialWeights;
  /** Told, in one line, what runs the training. */
  readonly onEngine?: (description: string) => void;
  /** Called before the first step with the epochs that a checkpoint brings: none for a run that starts afresh. */
  readonly onStart?: (history: readonly Epoch[]) => void;
}

/** Weights by the names that the model's own have. */
export interface InitialWeights {
  /** Where they are from, for instance `digits@0a1b2c3d4e5f`. */
  readonly source: string;
  readonly weights: Weights;
}

export interface Trained<R extends Rows = Matrix> {
  readonly artifact: Artifact;
  readonly fit: Fit;
  readonly split: Split<R>;
  /** How long all of it took. */
  readonly seconds: number;
}

/**
 * Trains a model and writes its artifact. When `signal` is aborted, training stops before the next batch and the
 * best weights so far are packaged. Checkpoints lie in `{out}/{name}/.checkpoint` until training has ended.
 * @throws {InputError} for a name, settings, a folder or data that cannot be used, and for the checkpoint of another run.
 * @throws {DivergedError} when the loss stops being a number.
 * @throws {GateError} when the WASM runtime does not reproduce the model, or when weights of a smaller type make it too much
 * worse; nothing is written then, and the last checkpoint stays.
 * @throws {InterruptedError} when interrupted before the first epoch ended; nothing is written then.
 */
export async function train<V extends VariantName = 'undercomplete', R extends Rows = Matrix>(
  options: TrainOptions<V, R>,
): Promise<Trained<R>> {
  const { name, data, seed = 1, engine = 'onnxruntime', out = 'artifacts' } = options;
  const variant = options.variant ?? ('undercomplete' as V);
  const started = performance.now();
  requireRunnable({ name, variant, seed, engine, predictor: options.predictor, threads: options.threads });
  requireWritable(join(out, name));
  requireConsistent(data);
  const settings = resolveSettings(variant, options.settings ?? {});
  const parts = splitDataset(
    data,
    { validation: settings.training.validationShare, test: settings.training.testShare },
    seed,
  );
  requireCalibrated(settings.training.targetFpr, parts.validation.rowCount);

  const definition: Variant = VARIANTS[variant];
  const model = definition.build(settings.model, data.rows.width, seed, data.rowShape);
  requireUsable(data, model);
  requireScorable(model, settings.training.rowScore);
  if (options.predictor !== undefined)
    requirePredictable(options.predictor, { ...parts, source: data.source });
  const optimizer = createOptimizer(settings.optimizer);
  const program = programOf(model, data.rows.width, optimizer, seed);

  const session = await ENGINES[engine](program, options);
  const initial = options.initial && { initial: options.initial.source };
  const made = { variant, data: fingerprint(data), seed, engine: session.description, ...initial };
  const store = checkpointStore(checkpointPath(out, name), identityOf(settings, made));
  const result = await disposing(session, async () => {
    options.onEngine?.(session.description);
    const from = options.resume === true ? await store.load() : undefined;
    if (from === undefined) {
      const start = options.initial ?? variantStart(definition, settings.model, parts.train);
      if (start !== undefined) await loadInitialWeights(session, program, start);
    }
    options.onStart?.(from?.history ?? []);
    const checkpoint = checkpointing(store, settings.training.checkpointEvery);
    return fit(session, { ...options, ...parts, ...settings.training, seed, from, checkpoint });
  });
  if (result.bestEpoch === 0) {
    throw new InterruptedError('interrupted before the first epoch ended: there are no weights to keep');
  }
  const artifact = await packageModel({
    name,
    recipe: options.recipe ?? name,
    variant,
    settings,
    seed,
    engine: session.description,
    data,
    fingerprint: made.data,
    split: parts,
    model,
    predictor: options.predictor,
    program,
    initial: options.initial?.source,
    fit: result,
    started,
    out,
  });
  if (!result.interrupted) await store.remove();
  return { artifact, fit: result, split: parts, seconds: (performance.now() - started) / 1000 };
}

/** What follows from the rows, for settings that ask for it. */
function variantStart({ start }: Variant, settings: unknown, rows: AnyRows): InitialWeights | undefined {
  const weights = start?.(settings, rows);
  return weights && { source: "setting 'start'", weights };
}

/** @throws {InputError} when weights are missing, or are those of another architecture. */
async function loadInitialWeights(
  session: TrainingSession,
  { parameters }: Program,
  { source, weights }: InitialWeights,
): Promise<void> {
  const state = new Map(await session.state());
  for (const { name } of parameters) {
    const [expected, received] = [state.get(name)!.length, weights.get(name)?.length ?? 'none'];
    if (received !== expected) {
      throw new InputError(
        `${source}: expected ${expected} weights for '${name}' to start from, received ${received}; start afresh, or with the settings it was trained with`,
      );
    }
    state.set(name, weights.get(name)!);
  }
  await session.restore(state);
}

const Runnable = z.object({
  name: ModelName,
  variant: z.enum(keysOf(VARIANTS)),
  seed: z
    .number()
    .int()
    .min(0)
    .lt(2 ** 32),
  engine: z.enum(keysOf(ENGINES)),
  predictor: z.enum(keysOf(PREDICTORS)).optional(),
  threads: z.number().int().min(1).max(1024).optional(),
});

/** Finds out before any work is done what would only fail at its end. */
function requireRunnable(run: Readonly<Record<keyof z.infer<typeof Runnable>, unknown>>): void {
  const result = Runnable.safeParse(run);
  if (result.success) return;
  const [issue] = result.error.issues;
  const key = issue!.path[0] as keyof typeof run;
  throw new InputError(`${key}: ${issue!.message}; received ${JSON.stringify(run[key])}`);
}

/** Everything that decides what a run learns, by the name under which a foreign checkpoint is refused. */
function identityOf(
  { model, training, optimizer }: ResolvedSettings<VariantName>,
  made: RunIdentity,
): RunIdentity {
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
