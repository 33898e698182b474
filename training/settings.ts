/** The settings of a run: one flat list of names, shared by recipes, `--set` and the manifest. */
import * as z from 'zod';
import { didYouMean } from '../shared/didYouMean.ts';
import { InputError } from '../shared/errors.ts';
import { WEIGHT_TYPES } from './graph/weights/weightTypes.ts';
import { VARIANTS } from './models/registry.ts';
import { type VariantChoice, type VariantConfig, variantOf } from './models/variantChoice.ts';
import {
  ChoiceConfig,
  type OptimizerSettings,
  optimizerSchemas,
  type ResolvedOptimizer,
} from './optimizers/create.ts';
import { OPTIMIZERS } from './optimizers/registry.ts';
import { keysOf } from './registry.ts';
import { SCHEDULES } from './schedules/registry.ts';
import { ROW_SCORES } from './scoring/rowScores.ts';

export const TrainingConfig = z.strictObject({
  epochs: z.number().int().min(1).max(100_000).describe('passes over the training rows').default(20),
  batchSize: z.number().int().min(1).max(65_536).describe('rows per step').default(128),
  patience: z
    .number()
    .int()
    .min(1)
    .nullable()
    .describe('stop after this many consecutive epochs without a new lowest validation loss; null: never')
    .default(null),
  minDelta: z
    .number()
    .min(0)
    .describe('smallest decrease of the validation loss that counts as an improvement')
    .default(0),
  checkpointEvery: z
    .number()
    .int()
    .min(0)
    .describe('epochs between two checkpoints; 0: no checkpoints')
    .default(1),
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
    .describe('share of the rows held out for the final metrics, if the data has no test set of its own')
    .default(0.1),
  weightType: z
    .enum(keysOf(WEIGHT_TYPES))
    .describe(
      'data type of the weights in the exported graphs: float16 takes half the space and keeps 3 digits, int8 takes a quarter and keeps 2',
    )
    .default('float32'),
  weightTolerance: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'largest share by which a smaller weight type may worsen the metric on the test rows; beyond it the model is refused',
    )
    .default(0.01),
  rowScore: z
    .enum(keysOf(ROW_SCORES))
    .describe(
      `anomaly score of a row: ${Object.entries(ROW_SCORES)
        .map(([name, { summary }]) => `\`${name}\`, ${summary}`)
        .join('; ')}; [anomalies](../anomalies.md)`,
    )
    .default('error'),
  contamination: z
    .number()
    .gt(0)
    .max(0.5)
    .describe('share of the training rows assumed to be anomalous: sets the error threshold')
    .default(0.01),
  targetFpr: z
    .number()
    .gt(0)
    .max(0.5)
    .nullable()
    .describe(
      'false positive rate to aim for (the share of ordinary rows flagged as anomalous): sets the threshold from the validation rows; null: `contamination` sets it',
    )
    .default(null),
});

/** The settings that a recipe may give; each has a default. */
export type Settings<V extends VariantChoice> = z.input<VariantConfig<V>> &
  z.input<typeof TrainingConfig> &
  OptimizerSettings;

export interface ResolvedSettings {
  /** Settings of the variant. */
  readonly model: Record<string, unknown>;
  readonly training: z.output<typeof TrainingConfig>;
  readonly optimizer: ResolvedOptimizer;
}

type GivenSettings = Readonly<Record<string, unknown>>;

/**
 * Fills in defaults and checks bounds.
 * @throws {InputError} naming the setting, what was expected and what was received.
 */
export function resolveSettings(variant: VariantChoice, settings: GivenSettings): ResolvedSettings {
  const [model, , ...optimizer] = schemasOf(variant, settings);
  const choice = parseSettings(ChoiceConfig, settings);
  const known = schemasOf(variant, settings).flatMap((schema) => Object.keys(schema.shape));
  for (const key of Object.keys(settings)) {
    if (known.includes(key)) continue;
    const expected = known.toSorted().join(', ');
    throw new InputError(
      `setting '${key}' is unknown; expected one of ${expected} (with optimizer=${choice.optimizer} and schedule=${choice.schedule})${elsewhere(key) || didYouMean(key, known)}`,
    );
  }
  return {
    model: parseSettings(model, settings),
    training: parseSettings(TrainingConfig, settings),
    optimizer: Object.assign(
      {},
      ...optimizer.map((schema) => parseSettings(schema, settings)),
    ) as ResolvedOptimizer,
  };
}

/** Schemas of the settings that go together: of the variant, of training, then of the optimizer and the schedule. */
export function schemasOf(
  variant: VariantChoice,
  settings: GivenSettings,
): [model: z.ZodObject, training: typeof TrainingConfig, ...optimizer: z.ZodObject[]] {
  const choice = parseSettings(ChoiceConfig, settings);
  return [variantOf(variant).config, TrainingConfig, ...optimizerSchemas(choice)];
}

/** The names of all settings, of any variant, optimizer and schedule. */
export function settingNames(): string[] {
  const configs = [VARIANTS, OPTIMIZERS, SCHEDULES].flatMap((registry) =>
    Object.values<{ readonly config: z.ZodObject }>(registry).map(({ config }) => config),
  );
  return [...new Set([TrainingConfig, ...configs].flatMap(({ shape }) => Object.keys(shape)))];
}

/** Names the other optimizers and schedules that have this setting, as a clause for the message. */
function elsewhere(key: string): string {
  const owners = Object.entries({ optimizer: OPTIMIZERS, schedule: SCHEDULES }).flatMap(([kind, registry]) =>
    Object.entries(registry).flatMap(([name, { config }]) =>
      Object.hasOwn(config.shape, key) ? [`${kind}=${name}`] : [],
    ),
  );
  return owners.length === 0 ? '' : `; '${key}' goes with ${owners.join(' or ')}`;
}

function parseSettings<Schema extends z.ZodObject>(
  schema: Schema,
  settings: GivenSettings,
): z.output<Schema> {
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
