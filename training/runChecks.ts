/** Checks of a run before its first step, for mistakes that would otherwise come to light only at its end. */
import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../shared/errors.ts';
import { ModelName } from '../shared/manifest.ts';
import type { Rows } from '../shared/tensor.ts';
import type { Dataset } from './data/dataset.ts';
import type { Split } from './data/split.ts';
import { ENGINES } from './engines/registry.ts';
import { requireWritable } from './files.ts';
import { requireUsable } from './fitting/requireUsable.ts';
import type { Autoencoder } from './models/model.ts';
import { VARIANTS } from './models/registry.ts';
import { requirePredictable } from './predictors/predictable.ts';
import { PREDICTORS, type PredictorName } from './predictors/registry.ts';
import { keysOf } from './registry.ts';
import { type RowScore, requireScorable } from './scoring/rowScores.ts';

const Options = z.object({
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

/** Options with a variant that `defineVariant` made. */
const OwnVariantOptions = Options.extend({
  variant: z.object({
    name: ModelName.refine(
      (name) => !Object.hasOwn(VARIANTS, name),
      "is the name of one of latentedge's own variants",
    ),
  }),
});

/**
 * Checks the options of a run, and that its artifact can be written to `out`.
 * @throws {InputError} naming the first option that is wrong, or the folder.
 */
export function requireRunnable(
  options: Readonly<Record<keyof z.infer<typeof Options>, unknown>>,
  out: string,
): void {
  const schema = typeof options.variant === 'object' ? OwnVariantOptions : Options;
  const { error } = schema.safeParse(options);
  if (error !== undefined) {
    const [issue] = error.issues;
    const key = issue!.path[0] as keyof typeof options;
    throw new InputError(`${key}: ${issue!.message}; received ${JSON.stringify(options[key])}`);
  }
  requireWritable(join(out, String(options.name)));
}

/**
 * Checks that a model can be trained on its data, scored as the settings ask, and extended by a predictor.
 * @throws {InputError} naming the setting, the column or the row that does not fit.
 */
export function requireTrainable(
  model: Autoencoder,
  data: Dataset<Rows>,
  split: Split<Rows>,
  { rowScore, predictor }: { readonly rowScore: RowScore; readonly predictor: PredictorName | undefined },
): void {
  requireUsable(data, model);
  requireScorable(model, rowScore);
  if (predictor !== undefined) requirePredictable(predictor, { ...split, source: data.source });
}
