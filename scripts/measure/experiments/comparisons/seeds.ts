/** Models that are trained with several seeds, and their baselines. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InterruptedError } from '../../../../shared/errors.ts';
import type { Rows } from '../../../../shared/tensor.ts';
import { mean } from '../../../../training/estimators/scores.ts';
import type { VariantChoice } from '../../../../training/models/variantChoice.ts';
import type { AnyRecipe } from '../../../../training/recipes/recipe.ts';
import { resolveSettings, type Settings } from '../../../../training/settings.ts';
import { train } from '../../../../training/train.ts';
import { spreadOf } from '../spread.ts';
import type { ComparedModel, MeanWithError } from './comparison.ts';

export interface SeededModel {
  readonly recipe: AnyRecipe;
  /** Overrides the recipe's variant; `settings` must be given with it. */
  readonly variant?: VariantChoice;
  /** Override the recipe's settings. */
  readonly settings?: Settings<VariantChoice>;
  /** Overrides the row shape of the data, for variants with more than one axis. */
  readonly rowShape?: readonly number[];
}

const SEEDS = [1, 2, 3] as const;

/**
 * Trains each model with every seed and summarises its figures, followed by those of the baselines of the
 * first model.
 * @param baselines Titles of the baselines to include, by name.
 */
export async function overSeeds(
  models: Readonly<Record<string, SeededModel>>,
  metrics: readonly string[],
  baselines: Readonly<Record<string, string>>,
  print: (line: string) => void,
): Promise<ComparedModel[]> {
  const contenders: ComparedModel[] = [];
  const others: ComparedModel[] = [];
  for (const [name, model] of Object.entries(models)) {
    const manifests = [];
    for (const seed of SEEDS) {
      const manifest = await trainedOnce(model, seed);
      const own = metrics.filter((metric) => manifest.metrics[metric] !== undefined);
      print(
        `${name}, seed ${seed}: ${own.map((metric) => `${metric} ${manifest.metrics[metric]!.toFixed(4)}`).join(', ')}`,
      );
      manifests.push(manifest);
    }
    contenders.push({
      name,
      figures: figuresOf(
        metrics,
        manifests.map((manifest) => manifest.metrics),
      ),
      seconds: mean(manifests.map(({ training }) => training.seconds)),
    });
    if (others.length > 0) continue;
    for (const [baseline, title] of Object.entries(baselines)) {
      const values = manifests.map((manifest) => manifest.baselines[baseline]!);
      others.push({ name: title, figures: figuresOf(metrics, values) });
    }
  }
  return [...contenders, ...others];
}

async function trainedOnce(
  { recipe, variant = recipe.variant, settings = recipe.settings, rowShape }: SeededModel,
  seed: number,
) {
  const out = mkdtempSync(join(tmpdir(), 'latentedge-experiments-'));
  try {
    const { validationShare: validation, testShare: test } = resolveSettings(variant, settings).training;
    const own = await recipe.data(undefined, { shares: { validation, test }, seed });
    const data = rowShape === undefined ? own : { ...own, rowShape };
    const { artifact, fit } = await train<VariantChoice, Rows>({
      name: recipe.name,
      data,
      variant,
      settings,
      out,
      seed,
    });
    if (fit.interrupted) throw new InterruptedError('interrupted: no figures for this comparison');
    return artifact.manifest;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function figuresOf(
  metrics: readonly string[],
  runs: readonly Readonly<Record<string, number>>[],
): Record<string, MeanWithError> {
  // Not every model has each.
  const known = metrics.filter((metric) => runs.every((run) => run[metric] !== undefined));
  const spreads = known.map((metric) => {
    const { mean, standardDeviation } = spreadOf(runs.map((run) => run[metric]!));
    return [metric, { mean, error: standardDeviation }] as const;
  });
  return Object.fromEntries(spreads);
}
