/** Models that are trained several times, with their baselines. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InterruptedError } from '../../../../shared/errors.ts';
import type { Rows } from '../../../../shared/tensor.ts';
import { mean } from '../../../../training/estimators/scores.ts';
import type { VariantName } from '../../../../training/models/registry.ts';
import type { Recipe } from '../../../../training/recipes/recipe.ts';
import { resolveSettings, type Settings } from '../../../../training/settings.ts';
import { train } from '../../../../training/train.ts';
import { spreadOf } from '../spread.ts';
import type { Contender, Spread } from './comparison.ts';

export interface Run {
  readonly recipe: Recipe;
  /** In place of the recipe's own, with its settings. */
  readonly variant?: VariantName;
  readonly settings?: Settings<VariantName>;
  /** In place of the data's, for variants that see more than one axis. */
  readonly rowShape?: readonly number[];
}

const SEEDS = [1, 2, 3] as const;

/** Figures of each by name and, once, those of the baselines that have a name, as the first was compared with them. */
export async function overSeeds(
  runs: Readonly<Record<string, Run>>,
  metrics: readonly string[],
  baselines: Readonly<Record<string, string>>,
  print: (line: string) => void,
): Promise<Contender[]> {
  const contenders: Contender[] = [];
  const others: Contender[] = [];
  for (const [name, run] of Object.entries(runs)) {
    const manifests = [];
    for (const seed of SEEDS) {
      const manifest = await trainedOnce(run, seed);
      print(
        `${name}, seed ${seed}: ${metrics.map((metric) => `${metric} ${manifest.metrics[metric]!.toFixed(4)}`).join(', ')}`,
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
  { recipe, variant = recipe.variant, settings = recipe.settings, rowShape }: Run,
  seed: number,
) {
  const out = mkdtempSync(join(tmpdir(), 'latentedge-experiments-'));
  try {
    const { validationShare: validation, testShare: test } = resolveSettings(variant, settings).training;
    const own = await recipe.data(undefined, { shares: { validation, test }, seed });
    const data = rowShape === undefined ? own : { ...own, rowShape };
    const { artifact, fit } = await train<VariantName, Rows>({
      name: recipe.name,
      data,
      variant,
      settings,
      out,
      seed,
    });
    if (fit.interrupted) throw new InterruptedError('interrupted: this comparison has no figures');
    return artifact.manifest;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

type Metrics = Readonly<Record<string, number>>;

function figuresOf(metrics: readonly string[], runs: readonly Metrics[]): Record<string, Spread> {
  const spreads = metrics.map((metric) => {
    const { mean, standardDeviation } = spreadOf(runs.map((run) => run[metric]!));
    return [metric, { mean, error: standardDeviation }] as const;
  });
  return Object.fromEntries(spreads);
}
