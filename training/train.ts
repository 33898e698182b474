/** From data to an artifact: split, train, then package. */
import type { Artifact } from './artifact.ts';
import { type Dataset, type Split, split } from './data/dataset.ts';
import type { EngineOptions, TrainingSession } from './engines/engine.ts';
import { ENGINES, type EngineName } from './engines/registry.ts';
import type { Variant } from './models/model.ts';
import { VARIANTS, type VariantName } from './models/registry.ts';
import { OPTIMIZERS } from './optimizers/registry.ts';
import { packageModel } from './package.ts';
import { programOf } from './program.ts';
import { resolveSettings, type Settings } from './settings.ts';
import { type Fit, type FitOptions, fit } from './trainer.ts';

export interface TrainOptions<V extends VariantName = 'undercomplete'>
  extends Pick<FitOptions, 'signal' | 'onEpoch' | 'onProgress'>,
    EngineOptions {
  /** Name of the model: lower-case words joined by hyphens. */
  readonly name: string;
  readonly data: Dataset;
  readonly variant?: V;
  readonly settings?: Settings<V>;
  /** Name of the recipe, for the manifest; the model's name by default. */
  readonly recipe?: string;
  /** An integer in [0, 2^32), 1 by default. The same seed on the same machine gives byte-identical graphs. */
  readonly seed?: number;
  readonly engine?: EngineName;
  /** Artifacts are written to `{out}/{name}/{version}/`; `artifacts` by default. */
  readonly out?: string;
  /** Told, in one line, what runs the training. */
  readonly onEngine?: (description: string) => void;
}

export interface Trained {
  readonly artifact: Artifact;
  readonly fit: Fit;
  readonly split: Split;
  /** How long all of it took. */
  readonly seconds: number;
}

/** Training was interrupted before there was anything to keep. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/**
 * Trains a model and writes its artifact. When `signal` is aborted, training stops before the next batch and the
 * best weights so far are packaged.
 * @throws {InputError} for settings or data that cannot be used.
 * @throws {DivergedError} when the loss stops being a number.
 * @throws {GateError} when the WASM runtime does not reproduce the model; nothing is written then.
 * @throws {InterruptedError} when interrupted before the first epoch ended; nothing is written then.
 */
export async function train<V extends VariantName = 'undercomplete'>(
  options: TrainOptions<V>,
): Promise<Trained> {
  const { name, data, seed = 1, engine = 'onnxruntime', out = 'artifacts' } = options;
  const variant = options.variant ?? ('undercomplete' as V);
  const started = performance.now();
  const settings = resolveSettings(variant, options.settings ?? {});
  const parts = split(
    data,
    { validation: settings.training.validationShare, test: settings.training.testShare },
    seed,
  );

  const definition: Variant = VARIANTS[variant];
  const model = definition.build(settings.model, data.rows.width, seed);
  const optimizer = OPTIMIZERS.adam.create(settings.optimizer);
  const program = programOf(model, data.rows.width, optimizer, seed);

  const session = await ENGINES[engine](program, options);
  options.onEngine?.(session.description);
  const result = await fitAndDispose(session, { ...options, ...parts, ...settings.training, seed });
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
    split: parts,
    model,
    program,
    fit: result,
    started,
    out,
  });
  return { artifact, fit: result, split: parts, seconds: (performance.now() - started) / 1000 };
}

async function fitAndDispose(session: TrainingSession, options: FitOptions): Promise<Fit> {
  try {
    return await fit(session, options);
  } finally {
    await session.dispose();
  }
}
