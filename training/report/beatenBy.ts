/** Baselines that do better than the model at its task: nobody should have to look for them in a table. */
import type { ManifestContent } from '../../shared/artifactVersion.ts';
import { baselineName, type CodeSizes, isMember, metricName } from '../../shared/figureNames.ts';
import type { MetricValues } from '../evaluate/metrics/metrics.ts';
import { finePercent } from './format.ts';

interface Task {
  /** Metrics of which larger values are better; baselines are ordered by the first. */
  readonly metrics: readonly string[];
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
}: Pick<ManifestContent, 'metrics' | 'baselines'>): Beaten | undefined {
  const task = TASKS.find(({ metrics: [first] }) => own[first!] !== undefined);
  if (task === undefined) return undefined;
  const metrics = task.metrics.filter((metric) => own[metric] !== undefined);
  const first = metrics[0]!;
  const others = Object.entries(baselines)
    .map(([name, values]) => ({ name, values }))
    .filter(({ name, values }) => values[first] !== undefined && !isMember(name));
  const better = others
    .filter(({ values }) => metrics.some((metric) => values[metric]! > own[metric]!))
    .sort((a, b) => b.values[first]! - a.values[first]!);
  if (better.length === 0) return undefined;
  return { ...task, metrics, own, better, compared: others.length };
}

/** `Mahalanobis distance has ROC AUC 99.99 %, average precision 99.63 %; ...; this model has ...; ... look for better settings` */
export function beatenText({ metrics, own, better, remedy }: Beaten, sizes: CodeSizes): string {
  const figures = (values: MetricValues) =>
    metrics.map((metric) => `${metricName(metric)} ${finePercent(values[metric]!)}`).join(', ');
  const all = better.map(({ name, values }) => `${baselineName(name, sizes)} has ${figures(values)}`);
  return [...all, `this model has ${figures(own)}`, remedy].join('; ');
}
