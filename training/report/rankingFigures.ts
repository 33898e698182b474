/** Key figures of a recommender. */
import type { Manifest } from '../../shared/manifest.ts';
import { figure, percent } from './format.ts';
import type { KeyFigure } from './keyFigure.ts';

/** @param users The users that the figures are of, such as `600 users not seen in training`. */
export function rankingFigures({ metrics, baselines }: Manifest, users: string): readonly KeyFigure[] {
  const own = metrics['ndcg@100'] ?? 0;
  const popular = baselines.popularity?.['ndcg@100'] ?? 0;
  return [
    {
      name: 'NDCG@100',
      value: percent(own),
      meaning: `of the gain of an ideal ranking, over ${users}`,
    },
    {
      name: 'against popularity',
      value: popular > 0 ? `${figure(Number((own / popular).toPrecision(3)))} times` : '–',
      meaning: `the gain of recommending the most popular items to everyone, which is ${percent(popular)}`,
    },
    {
      name: 'recall@20',
      value: percent(metrics['recall@20'] ?? 0),
      meaning: `of the held-out items are among the first 20; ${percent(baselines.popularity?.['recall@20'] ?? 0)} by popularity`,
    },
    ...latestFigures(metrics, baselines),
    ...exposureFigures(metrics),
  ];
}

/** Empty unless the times of interactions are known. */
function latestFigures(
  { 'ndcg@100-latest': latest }: Manifest['metrics'],
  baselines: Manifest['baselines'],
): readonly KeyFigure[] {
  if (latest === undefined) return [];
  return [
    {
      name: 'NDCG@100, latest',
      value: percent(latest),
      meaning: `where the newest items of each user are held out in place of random ones; ${percent(baselines.popularity?.['ndcg@100-latest'] ?? 0)} by popularity`,
    },
  ];
}

/** Empty for artifacts of earlier releases. */
function exposureFigures(metrics: Manifest['metrics']): readonly KeyFigure[] {
  const { 'coverage@20': coverage, 'novelty@20': novelty, 'popularity-lift@20': lift } = metrics;
  if (coverage === undefined || novelty === undefined) return [];
  const popularity =
    lift === undefined ? '' : `; they are ${figure(1 + lift)} times as popular as what the users have`;
  return [
    {
      name: 'catalogue shown',
      value: percent(coverage),
      meaning: `of the items are among the first 20 of some test user, with a novelty of ${figure(novelty)} bits${popularity}`,
    },
  ];
}
