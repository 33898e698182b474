/** Recommenders on the small MovieLens data set, in five-fold cross-validation over its users. */
import type { Rows } from '../../../../shared/tensor.ts';
import { pickRows } from '../../../../training/data/batches.ts';
import type { Dataset } from '../../../../training/data/dataset.ts';
import { mean } from '../../../../training/estimators/scores.ts';
import { RANKERS } from '../../../../training/evaluate/baselines/rankers.ts';
import {
  foldIn,
  type RankingMetric,
  rankingScores,
  standardError,
} from '../../../../training/evaluate/metrics/ranking.ts';
import { movies as recipe } from '../../../../training/recipes/movies.ts';
import { keysOf } from '../../../../training/registry.ts';
import type { Settings } from '../../../../training/settings.ts';
import type { ComparedModel, Comparison } from './comparison.ts';
import { FOLDS, folds, movieData, type Recommender, SEED, trainedRecommender } from './movieFolds.ts';

const METRICS = ['recall@20', 'recall@50', 'ndcg@100'] as const satisfies readonly RankingMetric[];

/** Models of the recipe, with settings that override its own, and of other variants. */
function modelsFor(data: Dataset<Rows>): Readonly<Record<string, Recommender>> {
  const movies = (own: typeof recipe.settings): Recommender => ({
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
    const data = await movieData();
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
        const { scores, seconds } = await trainedRecommender({ ...data, parts }, model, users);
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
