/** Recommenders on the small MovieLens data set, in five-fold cross-validation over its users. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InterruptedError } from '../../../../shared/errors.ts';
import { permutation, random } from '../../../../shared/random.ts';
import type { Rows } from '../../../../shared/tensor.ts';
import { pickRows } from '../../../../training/data/batches.ts';
import type { Dataset, Parts } from '../../../../training/data/dataset.ts';
import { mean } from '../../../../training/estimators/scores.ts';
import { RANKERS } from '../../../../training/evaluate/baselines/rankers.ts';
import { graphRanker } from '../../../../training/evaluate/metrics/graphRanking.ts';
import {
  foldIn,
  type RankingMetric,
  rankingScores,
  standardError,
} from '../../../../training/evaluate/metrics/ranking.ts';
import { movies as recipe } from '../../../../training/recipes/movies.ts';
import { keysOf } from '../../../../training/registry.ts';
import type { Settings } from '../../../../training/settings.ts';
import { train } from '../../../../training/train.ts';
import type { ComparedModel, Comparison } from './comparison.ts';

const FOLDS = 5;
/** Seed of the folds, and of the choice of held-out items. */
const SEED = 1;
/** Share of all users by whom the best epoch is chosen. */
const VALIDATION = 0.1;
const METRICS = ['recall@20', 'recall@50', 'ndcg@100'] as const satisfies readonly RankingMetric[];

interface Trained {
  readonly variant: 'recommender' | 'elsa';
  readonly settings: Settings<'recommender'> | Settings<'elsa'>;
}

/** Models of the recipe, with settings that override its own, and of other variants. */
function modelsFor(data: Dataset<Rows>): Readonly<Record<string, Trained>> {
  const movies = (own: typeof recipe.settings): Trained => ({
    variant: recipe.variant,
    settings: { ...recipe.settings, ...recipe.settingsFor?.(data), ...own },
  });
  return {
    [OWN]: movies({}),
    'Mult-DAE, from random weights (`start=random epochs=40`)': movies({ start: 'random', epochs: 40 }),
    'Mult-VAE (`kind=mult-vae hidden=[400] codeSize=200 epochs=40`)': movies({
      ...{ kind: 'mult-vae', hidden: [400], codeSize: 200, epochs: 40 },
    }),
    [ELSA]: { variant: 'elsa', settings: ELSA_SETTINGS },
  };
}

const OWN = 'Mult-DAE (`movies`)';
const ELSA = 'ELSA (`variant: elsa`, code of 400)';
const ELSA_SETTINGS: Settings<'elsa'> = {
  ...{ codeSize: 400, batchSize: 128, learningRate: 0.003, schedule: 'cosine', epochs: 20 },
};

/** Scores of every user, by metric. */
type UserScores = Record<RankingMetric, number[]>;

export const movies: Comparison = {
  section: 'movies',
  metrics: METRICS,
  spread: 'the standard error over the users',
  measure: async (print) => {
    const data = await recipe.data(undefined, {
      shares: { validation: VALIDATION, test: 1 / FOLDS },
      seed: SEED,
    });
    const found = new Map<string, { scores: UserScores; seconds: number[] }>();
    const add = (name: string, scores: UserScores, seconds?: number) => {
      const own = found.get(name) ?? {
        scores: { 'recall@20': [], 'recall@50': [], 'ndcg@100': [] },
        seconds: [],
      };
      for (const metric of METRICS) own.scores[metric].push(...scores[metric]);
      if (seconds !== undefined) own.seconds.push(seconds);
      found.set(name, own);
      print(`${name}: NDCG@100 ${mean(scores['ndcg@100']).toFixed(4)}`);
    };
    const models = Object.entries(modelsFor(data));
    for (const [fold, parts] of folds(data.rows.rowCount).entries()) {
      print(`fold ${fold + 1} of ${FOLDS}`);
      const [known, asked] = [pickRows(data.rows, parts.train), pickRows(data.rows, parts.test)];
      const users = foldIn(asked, SEED);
      for (const name of keysOf(RANKERS)) {
        add(name, await rankingScores(users, asked.width, RANKERS[name](known)!));
      }
      for (const [name, model] of models) {
        const { scores, seconds } = await trained({ ...data, parts }, model, users);
        add(name, scores, seconds);
      }
    }
    const contenders = Array.from(found, ([name, { scores, seconds }]): ComparedModel => {
      const figures = METRICS.map((metric) => {
        return [metric, { mean: mean(scores[metric]), error: standardError(scores[metric]) }] as const;
      });
      return {
        name: NAMES[name] ?? name,
        figures: Object.fromEntries(figures),
        ...(seconds.length > 0 && { seconds: mean(seconds) }),
      };
    });
    const ndcg = (name: string) => contenders.find((each) => each.name === name)!.figures['ndcg@100']!;
    const own = ndcg(OWN).mean;
    const leastOfEase = ndcg('EASE').mean - ndcg('EASE').error;
    return {
      contenders,
      checks: [
        {
          what: "Mult-DAE, EASE's NDCG@100 less its standard error",
          figure: own,
          least: leastOfEase,
        },
        {
          what: "ELSA, EASE's NDCG@100 less its standard error",
          figure: ndcg(ELSA).mean,
          least: leastOfEase,
        },
        {
          what: "Mult-DAE, 1.6 times popularity's NDCG@100",
          figure: own,
          least: 1.6 * ndcg('popularity').mean,
        },
      ],
    };
  },
};

const NAMES: Readonly<Record<string, string>> = { 'item-knn': 'item-kNN, 100 neighbours', ease: 'EASE' };

/** Divisions of the users; every user is in the test part of exactly one. */
function folds(users: number): Parts[] {
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

async function trained(
  data: Dataset<Rows>,
  { variant, settings }: Trained,
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
