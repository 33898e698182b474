/** Numbers for people. */

/** Four significant digits, or a dash where there is no value. */
export function figure(value: number | null): string {
  if (value === null) return '–';
  if (value === 0) return '0';
  return Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6
    ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));
}

/** `60,000` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `97.3 %` of a share in [0, 1]. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** `0.38 %` of a share that may be small: two digits. */
export function smallPercent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** `0.38 % worse`, or better where it is below 0. */
export function worsening(relativeChange: number): string {
  return `${smallPercent(Math.abs(relativeChange))} ${relativeChange < 0 ? 'better' : 'worse'}`;
}

/** How people call a baseline of the manifest. */
export function baselineName(name: string, codeSize: number): string {
  return BASELINES[name]?.(codeSize) ?? name;
}

const BASELINES: Readonly<Record<string, (codeSize: number) => string>> = {
  pca: (codeSize) => `PCA, ${codeSize} components`,
  untrained: () => 'the untrained network',
  'pca-half': () => 'PCA, half the columns',
  mahalanobis: () => 'Mahalanobis distance',
  distance: () => 'distance from the mean',
  'all-columns': () => 'all columns',
  'majority-class': () => 'the share of each class',
};

/** How people call a metric of the manifest. */
export function metricName(name: string): string {
  return METRICS[name] ?? name;
}

const METRICS: Readonly<Record<string, string>> = {
  mse: 'mean squared error',
  'roc-auc': 'ROC AUC',
  'average-precision': 'average precision',
  'precision-at-n': 'precision@n',
  'logistic-accuracy': 'accuracy, logistic regression',
  'logistic-log-loss': 'log loss, logistic regression',
  'logistic-roc-auc': 'ROC AUC, logistic regression',
  'ridge-mae': 'mean absolute error, ridge',
  'svr-mae': 'mean absolute error, SVR',
};
