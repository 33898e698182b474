/** Baselines that do better than the model at its task: nobody should have to look for them in a table. */
import type { ManifestContent } from '../../shared/artifactVersion.ts';
import { keysOf } from '../registry.ts';
import { MEMBERS } from '../scoring/registry.ts';

/** Metrics of a task, of which larger values are better, with what a baseline does that has a larger one. */
const TASKS = {
  'roc-auc': 'detects more anomalies',
  'recall@10': 'keeps more neighbours',
} as const;

export interface BetterBaseline {
  /** Its name in the manifest. */
  readonly name: string;
  readonly metric: keyof typeof TASKS;
  /** Its merit, to continue the sentence "a baseline ...". */
  readonly does: string;
  /** The metric of the baseline and of the model, over the same rows. */
  readonly value: number;
  readonly own: number;
}

/**
 * Returns the baseline that is best at the model's task, if it is better than the model. Undefined without a metric of
 * the task. Members of the model's own score are no baselines.
 */
export function beatenBy({
  metrics,
  baselines,
}: Pick<ManifestContent, 'metrics' | 'baselines'>): BetterBaseline | undefined {
  const metric = keysOf(TASKS).find((each) => metrics[each] !== undefined);
  if (metric === undefined) return undefined;
  const own = metrics[metric]!;
  const better = Object.entries(baselines).flatMap(([name, { [metric]: value }]) =>
    value !== undefined && value > own && !Object.hasOwn(MEMBERS, name)
      ? [{ name, metric, does: TASKS[metric], value, own }]
      : [],
  );
  return better.sort((a, b) => b.value - a.value)[0];
}
