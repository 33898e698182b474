/** A run's settings: one flat list of names for a recipe, `--set` and the manifest. */
import * as z from 'zod';
import { InputError } from '../shared/errors.ts';
import { VARIANTS, type VariantName } from './models/registry.ts';
import { OPTIMIZERS } from './optimizers/registry.ts';

export const TrainingConfig = z.strictObject({
  epochs: z.number().int().min(1).max(100_000).default(20),
  batchSize: z.number().int().min(1).max(65_536).default(128),
  /** Share of the rows held out for choosing the best epoch. */
  validationShare: z.number().gt(0).lt(1).default(0.1),
  /** Share of the rows held out for the final figures, where the data has no test set of its own. */
  testShare: z.number().gt(0).lt(1).default(0.1),
  /** Share of the training rows taken to be anomalous: sets the threshold. */
  contamination: z.number().gt(0).max(0.5).default(0.01),
});

type ModelConfig<V extends VariantName> = (typeof VARIANTS)[V]['config'];
type AdamConfig = typeof OPTIMIZERS.adam.config;

/** What a recipe may set; everything has a default. */
export type Settings<V extends VariantName> = z.input<ModelConfig<V>> &
  z.input<typeof TrainingConfig> &
  z.input<AdamConfig>;

export interface ResolvedSettings<V extends VariantName> {
  readonly model: z.output<ModelConfig<V>>;
  readonly training: z.output<typeof TrainingConfig>;
  readonly optimizer: z.output<AdamConfig>;
}

/**
 * Fills in defaults and checks bounds.
 * @throws {InputError} naming the setting, what was expected and what was received.
 */
export function resolveSettings<V extends VariantName>(
  variant: V,
  settings: Readonly<Record<string, unknown>>,
): ResolvedSettings<V> {
  const schemas = {
    model: VARIANTS[variant].config,
    training: TrainingConfig,
    optimizer: OPTIMIZERS.adam.config,
  };
  const known = Object.values(schemas).flatMap((schema) => Object.keys(schema.shape));
  for (const key of Object.keys(settings)) {
    if (!known.includes(key)) {
      throw new InputError(`setting '${key}' is unknown; expected one of ${known.toSorted().join(', ')}`);
    }
  }
  return {
    model: parse(schemas.model, settings) as z.output<ModelConfig<V>>,
    training: parse(schemas.training, settings),
    optimizer: parse(schemas.optimizer, settings),
  };
}

function parse<Schema extends z.ZodObject>(
  schema: Schema,
  settings: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const own = Object.fromEntries(Object.entries(settings).filter(([key]) => key in schema.shape));
  const result = schema.safeParse(own);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue!.path.join('.');
  throw new InputError(
    `setting '${path}': ${issue!.message}; received ${JSON.stringify(own[String(issue!.path[0])])}`,
  );
}
