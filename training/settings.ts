/** A run's settings: one flat list of names for a recipe, `--set` and the manifest. */
import * as z from 'zod';
import { InputError } from '../shared/errors.ts';
import { ROW_SCORES } from './evaluate/metrics/scoring.ts';
import { WEIGHT_TYPES } from './graph/weights/weightTypes.ts';
import { VARIANTS, type VariantName } from './models/registry.ts';
import {
  ChoiceConfig,
  type OptimizerSettings,
  optimizerSchemas,
  type ResolvedOptimizer,
} from './optimizers/create.ts';
import { OPTIMIZERS } from './optimizers/registry.ts';
import { keysOf } from './registry.ts';
import { SCHEDULES } from './schedules/registry.ts';

export const TrainingConfig = z.strictObject({
  epochs: z.number().int().min(1).max(100_000).describe('passes over the training rows').default(20),
  batchSize: z.number().int().min(1).max(65_536).describe('rows per step').default(128),
  patience: z
    .number()
    .int()
    .min(1)
    .nullable()
    .describe('stop after so many epochs in a row without a new lowest validation loss; null: never')
    .default(null),
  minDelta: z
    .number()
    .min(0)
    .describe('by how much a validation loss must be lower to count as new')
    .default(0),
  checkpointEvery: z.number().int().min(0).describe('epochs between two checkpoints; 0: none').default(1),
  validationShare: z
    .number()
    .gt(0)
    .lt(1)
    .describe('share of the rows held out to choose the best epoch')
    .default(0.1),
  testShare: z
    .number()
    .gt(0)
    .lt(1)
    .describe('share of the rows held out for the final figures, where the data has no test set of its own')
    .default(0.1),
  weightType: z
    .enum(keysOf(WEIGHT_TYPES))
    .describe(
      'what the exported graphs store weights as: float16 takes half the space and keeps 3 digits, int8 a quarter and 2 digits',
    )
    .default('float32'),
  weightTolerance: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'by what share a smaller weight type may worsen the metric on the test rows before the model is refused',
    )
    .default(0.01),
  rowScore: z
    .enum(ROW_SCORES)
    .describe(
      'what rows are judged by: their reconstruction error, or residual and reconstruction together; [anomalies](../anomalies.md)',
    )
    .default('error'),
  contamination: z
    .number()
    .gt(0)
    .max(0.5)
    .describe('share of the training rows taken to be anomalous: sets the error threshold')
    .default(0.01),
  targetFpr: z
    .number()
    .gt(0)
    .max(0.5)
    .nullable()
    .describe(
      'share of ordinary rows that may be called anomalous: sets the threshold by the validation rows; null: `contamination` does',
    )
    .default(null),
});

type ModelConfig<V extends VariantName> = (typeof VARIANTS)[V]['config'];

/** What a recipe may set; everything has a default. */
export type Settings<V extends VariantName> = z.input<ModelConfig<V>> &
  z.input<typeof TrainingConfig> &
  OptimizerSettings;

export interface ResolvedSettings<V extends VariantName> {
  readonly model: z.output<ModelConfig<V>>;
  readonly training: z.output<typeof TrainingConfig>;
  readonly optimizer: ResolvedOptimizer;
}

type Given = Readonly<Record<string, unknown>>;

/**
 * Fills in defaults and checks bounds.
 * @throws {InputError} naming the setting, what was expected and what was received.
 */
export function resolveSettings<V extends VariantName>(variant: V, settings: Given): ResolvedSettings<V> {
  const model: z.ZodObject = VARIANTS[variant].config;
  const choice = parse(ChoiceConfig, settings);
  const optimizer = optimizerSchemas(choice);
  const known = [model, TrainingConfig, ...optimizer].flatMap((schema) => Object.keys(schema.shape));
  for (const key of Object.keys(settings)) {
    if (known.includes(key)) continue;
    const expected = known.toSorted().join(', ');
    throw new InputError(
      `setting '${key}' is unknown; expected one of ${expected} (with optimizer=${choice.optimizer} and schedule=${choice.schedule})${elsewhere(key)}`,
    );
  }
  return {
    model: parse(model, settings) as z.output<ModelConfig<V>>,
    training: parse(TrainingConfig, settings),
    optimizer: Object.assign({}, ...optimizer.map((schema) => parse(schema, settings))) as ResolvedOptimizer,
  };
}

/** Which other choices have a setting of this name, in words. */
function elsewhere(key: string): string {
  const owners = Object.entries({ optimizer: OPTIMIZERS, schedule: SCHEDULES }).flatMap(([kind, registry]) =>
    Object.entries(registry).flatMap(([name, { config }]) =>
      Object.hasOwn(config.shape, key) ? [`${kind}=${name}`] : [],
    ),
  );
  return owners.length === 0 ? '' : `; '${key}' goes with ${owners.join(' or ')}`;
}

function parse<Schema extends z.ZodObject>(schema: Schema, settings: Given): z.output<Schema> {
  const own = Object.fromEntries(
    Object.entries(settings).filter(([key]) => Object.hasOwn(schema.shape, key)),
  );
  const result = schema.safeParse(own);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue!.path.join('.');
  throw new InputError(
    `setting '${path}': ${issue!.message}; received ${JSON.stringify(own[String(issue!.path[0])])}`,
  );
}
