/** The users of the small MovieLens data set in folds, and recommenders trained on them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InterruptedError } from '../../../../shared/errors.ts';
import { permutation, random } from '../../../../shared/random.ts';
import type { Rows } from '../../../../shared/tensor.ts';
import type { Dataset, Parts } from '../../../../training/data/dataset.ts';
import { graphRanker } from '../../../../training/evaluate/metrics/graphRanking.ts';
import { rankingScores } from '../../../../training/evaluate/metrics/ranking.ts';
import { movies as recipe } from '../../../../training/recipes/movies.ts';
import type { Settings } from '../../../../training/settings.ts';
import { train } from '../../../../training/train.ts';

export const FOLDS = 5;
/** Seed of the folds, and of the choice of held-out items. */
export const SEED = 1;
/** Share of all users by whom the best epoch is chosen. */
const VALIDATION = 0.1;

export interface Recommender {
  readonly variant: 'recommender' | 'elsa';
  readonly settings: Settings<'recommender'> | Settings<'elsa'>;
}

export function movieData(): Promise<Dataset<Rows>> {
  return recipe.data(undefined, { shares: { validation: VALIDATION, test: 1 / FOLDS }, seed: SEED });
}

/** Divisions of the users; every user is in the test part of exactly one. */
export function folds(users: number): Parts[] {
  const order = permutation(users, random(SEED, 'folds'));
  return Array.from({ length: FOLDS }, (_, fold) => {
    const [from, to] = [fold, fold + 1].map((each) => Math.round((each * users) / FOLDS));
    const rest = Uint32Array.of(...order.subarray(0, from), ...order.subarray(to));
    const validation = Math.round(VALIDATION * users);
    return {
      train: rest.subarray(validation),
      validation: rest.subarray(0, validation),
      test: order.slice(from, to),
    };
  });
}

/** Trains on a fold; the scores are those of the exported graph. */
export async function trainedRecommender(
  data: Dataset<Rows>,
  { variant, settings }: Recommender,
  users: Parameters<typeof rankingScores>[0],
) {
  const out = mkdtempSync(join(tmpdir(), 'latentedge-experiments-'));
  try {
    const { artifact, fit, seconds } = await train({
      name: recipe.name,
      data,
      variant,
      settings,
      out,
      seed: SEED,
    });
    if (fit.interrupted) throw new InterruptedError('interrupted: no figures for this comparison');
    const { rank, release } = await graphRanker(artifact.graphs.recommend!);
    const scores = await rankingScores(users, data.rows.width, rank);
    await release();
    return { scores, seconds };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
