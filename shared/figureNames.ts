/** Names for people of the metrics and baselines in manifests, and what the metrics mean. */

/** Scores that the ensemble joins: `baselines` holds their figures, too, but they are parts of the model. */
export const MEMBER_NAMES = ['components', 'deviation', 'forest', 'joint', 'neighbours', 'rarity'] as const;

export type MemberName = (typeof MEMBER_NAMES)[number];

export const isMember = (name: string): name is MemberName =>
  (MEMBER_NAMES as readonly string[]).includes(name);

/** What the names of baselines tell about a model. */
export interface CodeSizes {
  readonly codeSize: number;
  /** The number of principal components of the baseline PCA, if it is not that of the code. */
  readonly pcaComponents?: number | undefined;
}

/** Returns the name of a baseline in a manifest; with `sizes`, it tells how many numbers the baseline keeps. */
export function baselineName(name: string, sizes?: CodeSizes): string {
  if (isMember(name)) return `part: ${name}`;
  return (sizes && SIZED[name]?.(sizes)) ?? BASELINES[name] ?? name;
}

const BASELINES: Readonly<Record<string, string>> = {
  pca: 'PCA',
  svd: 'SVD',
  truncation: 'the first values',
  'random-projection': 'random projection',
  mean: 'predicting the mean',
  untrained: 'the untrained network',
  'pca-half': 'PCA, half the columns',
  mahalanobis: 'Mahalanobis distance',
  distance: 'distance from the mean',
  'isolation-forest': 'isolation forest',
  knn: 'kNN, 5th nearest row',
  'item-knn': 'item-kNN',
  ease: 'EASE',
  linear: 'linear regression',
  'all-columns': 'all columns',
  'majority-class': 'class frequencies',
};

const SIZED: Readonly<Record<string, (sizes: CodeSizes) => string>> = {
  pca: ({ codeSize, pcaComponents }) => `PCA, ${pcaComponents ?? codeSize} components`,
  svd: ({ codeSize }) => `SVD, ${codeSize} components`,
  truncation: ({ codeSize }) => `the first ${codeSize} values`,
};

/** Returns the name of a metric in a manifest. */
export function metricName(name: string): string {
  return METRICS[name] ?? name;
}

const METRICS: Readonly<Record<string, string>> = {
  mse: 'mean squared error',
  'roc-auc': 'ROC AUC',
  'average-precision': 'average precision',
  'precision-at-n': 'precision@n',
  'alarm-accuracy': 'accuracy of alarms',
  'alarm-precision': 'precision of alarms',
  'alarm-recall': 'recall of alarms',
  'logistic-accuracy': 'accuracy, logistic regression',
  'logistic-log-loss': 'log loss, logistic regression',
  'logistic-roc-auc': 'ROC AUC, logistic regression',
  'coverage@20': 'coverage@20, share of the catalogue',
  'novelty@20': 'novelty@20, bits',
  'ridge-mae': 'mean absolute error, ridge',
  'svr-mae': 'mean absolute error, SVR',
  'mean-activation': 'mean activation',
  'share-active': 'share of values that are not 0',
  l0: 'active units of a row, on average (l0)',
  'share-dead': 'share of units that no test row activates',
  'explained-variance': 'explained variance',
};

/**
 * True if PCA has as many components as the rows have columns: it then copies them, without an error, and its error is
 * none that a model could have.
 */
export function pcaCopies({
  pca,
  untrained,
}: Readonly<Record<string, Readonly<Record<string, number>>>>): boolean {
  return pca?.mse !== undefined && untrained?.mse !== undefined && pca.mse < 1e-6 * untrained.mse;
}

const LATEST = /-latest$/;

/** Returns what a metric measures, for readers who do not know it by name; undefined for those of experts. */
export function metricMeaning(name: string): string | undefined {
  const meaning = MEANINGS[name.replace(LATEST, '')];
  return meaning && LATEST.test(name) ? `${meaning}; hidden are the latest items of each user` : meaning;
}

const MEANINGS: Readonly<Record<string, string>> = {
  mse: 'how far the answers of the model are from the truth; 0 is perfect',
  'roc-auc': 'probability that an anomaly has a higher score than an ordinary row; 0.5 is chance',
  'average-precision': 'share of anomalies among the highest scores, over all thresholds',
  'precision-at-n': 'share of anomalies among the n highest scores, of n anomalies in all',
  'alarm-accuracy': 'share of rows that the threshold judges correctly',
  'alarm-precision': 'share of anomalies among the flagged rows',
  'alarm-recall': 'share of the anomalies that are flagged',
  'logistic-accuracy': 'share of rows whose class is predicted correctly from the code',
  'logistic-roc-auc': 'how well the class is predicted from the code; 0.5 is chance',
  'ridge-mae': 'how far predictions from the code are from the truth, on average',
  'svr-mae': 'how far predictions from the code are from the truth, on average',
  'recall@10': 'share of the 10 nearest rows that are among the 10 nearest by code',
  'recall@20': 'share of the hidden items of a user that 20 recommendations hold',
  'recall@50': 'share of the hidden items of a user that 50 recommendations hold',
  'ndcg@100': 'how far up the hidden items of a user are in 100 recommendations; 1 is perfect',
  'coverage@20': 'share of all items that are recommended to somebody',
  'novelty@20': 'how little known the recommended items are',
  'popularity-lift@20': 'how much more popular recommended items are than those that users have',
};
