/** Settings and facts in which models differ. */
import type { Manifest } from '../../shared/manifest.ts';

export interface Differing {
  readonly name: string;
  /** The value of each model as text, in their order; null if a model has no such setting. */
  readonly values: readonly (string | null)[];
}

/** Returns what was chosen for the models and is not the same for all: variant, seed, settings. */
export function differingSettings(manifests: readonly Manifest[]): Differing[] {
  const all = manifests.map(settingsOf);
  const names = [...new Set(all.flatMap((settings) => [...settings.keys()]))];
  return names
    .map((name) => ({ name, values: all.map((settings) => settings.get(name) ?? null) }))
    .filter(({ values }) => new Set(values).size > 1);
}

function settingsOf({ variant, recipe, training, codeSize, data, libraries }: Manifest): Map<string, string> {
  const chosen: Readonly<Record<string, unknown>> = {
    variant,
    recipe: recipe.name,
    seed: training.seed,
    splitSeed: training.splitSeed,
    codeSize,
    ...recipe.config,
    'started from': training.initial,
    'data fingerprint': data.fingerprint.slice(0, 12),
    ...Object.fromEntries(
      Object.entries(data.choices ?? {}).map(([name, value]) => [`--${name}`, value] as const),
    ),
    latentedge: libraries.latentedge,
  };
  const known = Object.entries(chosen).filter(([, value]) => value !== undefined);
  return new Map(known.map(([name, value]) => [name, text(value)]));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
