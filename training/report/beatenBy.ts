/** Baselines that do better than the model at its task: nobody should have to look for them in a table. */
import type { ManifestContent } from '../../shared/artifactVersion.ts';
import { baselineName, type CodeSizes, isMember, metricName, pcaCopies } from '../../shared/figureNames.ts';
import type { MetricValues } from '../evaluate/metrics/metrics.ts';
import { figure, finePercent } from './format.ts';

interface Task {
  /** Metrics to compare; baselines are ordered by the first. */
  readonly metrics: readonly string[];
  /** True if smaller values are better. */
  readonly isError?: true;
  /** What a better baseline does, to continue "baselines that". */
  readonly does: string;
  readonly remedy: string;
  /** Metric to choose other settings by. */
  readonly by: string;
}

const TASKS: readonly Task[] = [
  {
    metrics: ['roc-auc', 'average-precision'],
    does: 'detect more anomalies',
    remedy: 'no command serves these methods: use one in your own code, or look for better settings',
    by: 'average-precision',
  },
  {
    metrics: ['recall@10'],
    does: 'keep more neighbours',
    remedy: 'no command serves them: look for better settings',
    by: 'recall@10',
  },
  {
    metrics: ['ndcg@100', 'recall@20'],
    does: 'rank better',
    remedy:
      'no command serves them: compare the recipes recommend and recommend-elsa, or look for better settings',
    by: 'ndcg@100',
  },
];

/** The task of a model with a predictor; baselines predict from PCA's code, or from all columns. */
function predictionTasks(predictor: string): readonly Task[] {
  const remedy = 'no command serves them: take a larger code, or look for better settings';
  return [
    { metrics: [`${predictor}-accuracy`], does: 'predict better', remedy, by: `${predictor}-accuracy` },
    {
      metrics: [`${predictor}-mae`],
      isError: true,
      ...{ does: 'predict better', remedy, by: `${predictor}-mae` },
    },
  ];
}

/** The task of a model without labels, target or items. */
const RECONSTRUCTION: Task = {
  metrics: ['mse'],
  isError: true,
  does: 'have a smaller error',
  remedy: 'no command serves them: train for longer, with a larger code, or look for better settings',
  by: 'mse',
};

export interface Beaten extends Omit<Task, 'metrics'> {
  /** Metrics compared, over the same rows. */
  readonly metrics: readonly string[];
  readonly own: MetricValues;
  /** Baselines that are better in one of the metrics, the best first. */
  readonly better: readonly { readonly name: string; readonly values: MetricValues }[];
  /** Number of baselines that have these metrics. */
  readonly compared: number;
}

/**
 * Returns the baselines that are better at the model's task. Undefined if there is none, or no metric of a task.
 * Members of the model's own score are no baselines.
 */
export function beatenBy({
  metrics: own,
  baselines,
  prediction,
}: Pick<ManifestContent, 'metrics' | 'baselines' | 'prediction'>): Beaten | undefined {
  const predictions = prediction === undefined ? [] : predictionTasks(prediction.predictor);
  const task = [...TASKS, ...predictions, RECONSTRUCTION].find(
    ({ metrics: [first] }) => own[first!] !== undefined,
  );
  if (task === undefined) return undefined;
  const metrics = task.metrics.filter((metric) => own[metric] !== undefined);
  const first = metrics[0]!;
  const others = Object.entries(baselines)
    .map(([name, values]) => ({ name, values }))
    .filter(({ name, values }) => values[first] !== undefined && !isMember(name))
    .filter(({ name }) => !(task.isError && name === 'pca' && pcaCopies(baselines)));
  const sign = task.isError ? -1 : 1;
  const better = others
    .filter(({ values }) => metrics.some((metric) => sign * (values[metric]! - own[metric]!) > 0))
    .sort((a, b) => sign * (b.values[first]! - a.values[first]!));
  if (better.length === 0) return undefined;
  return { ...task, metrics, own, better, compared: others.length };
}

/** `Mahalanobis distance has ROC AUC 99.99 %, average precision 99.63 %; ...; this model has ...; ... look for better settings` */
export function beatenText({ metrics, isError, own, better, remedy }: Beaten, sizes: CodeSizes): string {
  const shown = isError ? figure : finePercent;
  const figures = (values: MetricValues) =>
    metrics.map((metric) => `${metricName(metric)} ${shown(values[metric]!)}`).join(', ');
  const all = better.map(({ name, values }) => `${baselineName(name, sizes)} has ${figures(values)}`);
  return [...all, `this model has ${figures(own)}`, remedy].join('; ');
}
