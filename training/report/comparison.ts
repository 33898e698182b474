/** The metrics of a model, of the parts of its score and of its baselines, as a matrix. */
import { baselineName, type CodeSizes, isMember } from '../../shared/figureNames.ts';
import type { Manifest } from '../../shared/manifest.ts';
import type { MetricValues } from '../evaluate/metrics/metrics.ts';

export interface Comparison {
  /** Metrics that others than the model have, too: the columns. */
  readonly metrics: readonly string[];
  /** The model, then the parts of its score, then its baselines. */
  readonly rows: readonly { readonly name: string; readonly values: MetricValues }[];
  /** Metrics that only the model has. */
  readonly own: readonly (readonly [metric: string, value: number])[];
}

export function comparisonOf({
  metrics,
  baselines,
  ...sizes
}: Pick<Manifest, 'metrics' | 'baselines' | keyof CodeSizes>): Comparison {
  const isPart = ([name]: readonly [string, MetricValues]) => isMember(name);
  const all = Object.entries(baselines);
  const others = [...all.filter(isPart), ...all.filter((each) => !isPart(each))];
  const isShared = (metric: string) => others.some(([, values]) => metric in values);
  return {
    metrics: Object.keys(metrics).filter(isShared),
    rows: [
      { name: 'this model', values: metrics },
      ...others.map(([name, values]) => ({ name: baselineName(name, sizes), values })),
    ],
    own: Object.entries(metrics).filter(([metric]) => !isShared(metric)),
  };
}
