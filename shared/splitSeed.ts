import type { Manifest } from './manifest.ts';

/** Returns the seed by which the rows of a version were drawn and split. */
export function splitSeedOf({ training }: Pick<Manifest, 'training'>): number {
  return training.splitSeed ?? training.seed;
}

/** Returns the seeds as text. */
export function seedText({ seed, splitSeed }: Manifest['training']): string {
  return splitSeed === undefined ? String(seed) : `${seed}, rows split by seed ${splitSeed}`;
}
