/** Statistics of inference requests, as Triton counts them. */
import type { GraphName, Manifest } from '../../shared/manifest.ts';
import type { InferenceStatistics } from '../../shared/protocolExtensions.ts';
import type { RequestRecord } from './record.ts';

type ModelStatistics = InferenceStatistics['model_stats'][number];
type Statistics = Omit<ModelStatistics, 'name' | 'version'>;
type Duration = Statistics['inference_stats']['success'];
type Computed = Pick<Statistics['inference_stats'], 'compute_input' | 'compute_infer' | 'compute_output'>;

/** Graphs and batch sizes that are counted; models come and go, and clients choose the sizes. */
const MAX_GRAPHS = 1000;
const MAX_SIZES = 100;

export interface InferenceOutcome {
  readonly milliseconds: number;
  readonly isAnswered: boolean;
}

export interface Inferences {
  /** Counts a request that was answered, or refused after its graph was found. */
  count(manifest: Manifest, graph: GraphName, record: RequestRecord, outcome: InferenceOutcome): void;
  of(manifest: Manifest, graph: GraphName): Statistics;
}

/**
 * Creates counters at 0; one instance per isolate.
 *
 * @example
 * inferences.count(manifest, 'encoder', record, { milliseconds: 3.2, isAnswered: true });
 */
export function createInferences(): Inferences {
  const known = new Map<string, Statistics>();
  const keyOf = ({ name, version }: Manifest, graph: GraphName) => `${name}@${version}/${graph}`;
  return {
    count(manifest, graph, record, outcome) {
      const key = keyOf(manifest, graph);
      if (!known.has(key) && known.size >= MAX_GRAPHS) return;
      const statistics = known.get(key) ?? newStatistics();
      known.set(key, statistics);
      add(statistics, record, outcome);
    },
    of: (manifest, graph) => known.get(keyOf(manifest, graph)) ?? newStatistics(),
  };
}

function add(
  statistics: Statistics,
  { rows, marks }: RequestRecord,
  { milliseconds, isAnswered }: InferenceOutcome,
): void {
  const { inference_stats: sums, batch_stats: sizes } = statistics;
  statistics.last_inference = Date.now();
  if (!isAnswered) {
    addDuration(sums.fail, milliseconds);
    return;
  }
  statistics.inference_count += rows;
  statistics.execution_count += 1;
  addDuration(sums.success, milliseconds);
  addDuration(sums.queue, marks.queue);
  addComputed(sums, marks);
  const size = sizes.find(({ batch_size }) => batch_size === rows);
  if (size) addComputed(size, marks);
  else if (sizes.length < MAX_SIZES) {
    const made = { batch_size: rows, ...newComputed() };
    addComputed(made, marks);
    sizes.push(made);
  }
}

function addComputed(sums: Computed, { parse, run, serialise }: RequestRecord['marks']): void {
  addDuration(sums.compute_input, parse);
  addDuration(sums.compute_infer, run);
  addDuration(sums.compute_output, serialise);
}

function addDuration(sum: Duration, milliseconds = 0): void {
  sum.count += 1;
  sum.ns += Math.round(milliseconds * 1e6);
}

function newStatistics(): Statistics {
  const zero = (): Duration => ({ count: 0, ns: 0 });
  return {
    ...{ last_inference: 0, inference_count: 0, execution_count: 0, batch_stats: [] },
    inference_stats: {
      ...{ success: zero(), fail: zero(), queue: zero(), ...newComputed() },
      ...{ cache_hit: zero(), cache_miss: zero() },
    },
  };
}

function newComputed(): Computed {
  const zero = (): Duration => ({ count: 0, ns: 0 });
  return { compute_input: zero(), compute_infer: zero(), compute_output: zero() };
}
