/** Which way metrics of manifests improve. */

/** Metrics of which larger values are better, by the end of their names: predictors and variants precede some. */
const HIGHER = [
  ...['accuracy', 'roc-auc', 'average-precision', 'precision-at-n', 'alarm-precision', 'alarm-recall'],
  ...['ndcg@100', 'recall@10', 'recall@20', 'recall@50', 'elbo', 'coverage@20', 'novelty@20'],
  ...['codebook-perplexity', 'codebook-usage'],
];

/** Metrics that describe a model and do not rate it. */
const NEUTRAL = ['kl', 'active-dimensions', 'share-active'];

/** `lower` for errors and losses; undefined for what has no better value. The suffix `-latest` changes nothing. */
export function betterOf(metric: string): 'lower' | 'higher' | undefined {
  const name = metric.replace(/-latest$/, '');
  if (NEUTRAL.includes(name)) return undefined;
  return HIGHER.some((each) => name === each || name.endsWith(`-${each}`)) ? 'higher' : 'lower';
}
