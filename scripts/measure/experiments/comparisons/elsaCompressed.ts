/** ELSA with sparse directions: what it loses on the small MovieLens data set, and what it saves. */

import { exportGraph } from '../../../../training/artifact/exportGraphs.ts';
import { pickRows } from '../../../../training/data/batches.ts';
import { type OpenModel, openNative, openWasm } from '../../../../training/engines/inference.ts';
import { mean } from '../../../../training/estimators/scores.ts';
import { initialWeights } from '../../../../training/evaluate/baselines/baselines.ts';
import { RANKERS } from '../../../../training/evaluate/baselines/rankers.ts';
import { foldIn, rankingScores, standardError } from '../../../../training/evaluate/metrics/ranking.ts';
import { elsa } from '../../../../training/models/elsa.ts';
import type { Settings } from '../../../../training/settings.ts';
import { timed } from '../../latency.ts';
import type { ComparedModel, Comparison } from './comparison.ts';
import { FOLDS, folds, movieData, SEED, trainedRecommender } from './movieFolds.ts';

const COMMON: Settings<'elsa'> = { batchSize: 128, learningRate: 0.003, schedule: 'cosine' };
const SPARSE: Settings<'elsa'> = { ...COMMON, codeSize: 512, epochs: 40 };
export const MODELS: Readonly<Record<string, Settings<'elsa'>>> = {
  'ELSA, all values (`codeSize=256 epochs=20`)': { ...COMMON, codeSize: 256, epochs: 20 },
  '`codeSize=512 nonZeros=32 epochs=40`': { ...SPARSE, nonZeros: 32 },
  '`codeSize=512 nonZeros=16 epochs=40`': { ...SPARSE, nonZeros: 16 },
};

const NDCG = 'ndcg@100';
const [KIB, NATIVE, WASM] = ['KiB', 'ms, onnxruntime-node', 'ms, WebAssembly'] as const;

/** Sizes of a request, and requests that are timed. */
const [ITEMS, ANSWERS, REQUESTS] = [50, 20, 100] as const;

export const elsaCompressed: Comparison = {
  page: 'docs/recommendations.md',
  section: 'elsa-compressed',
  metrics: [NDCG, KIB, NATIVE, WASM],
  spread: 'the standard error over the users',
  measure: async (print) => {
    const data = await movieData();
    const scores = new Map<string, number[]>();
    const seconds = new Map<string, number[]>();
    for (const [fold, parts] of folds(data.rows.rowCount).entries()) {
      print(`fold ${fold + 1} of ${FOLDS}`);
      const users = foldIn(pickRows(data.rows, parts.test), SEED);
      const add = (name: string, own: readonly number[]) => {
        scores.set(name, [...(scores.get(name) ?? []), ...own]);
        print(`${name}: NDCG@100 ${mean(own).toFixed(4)}`);
      };
      const ease = RANKERS.ease(pickRows(data.rows, parts.train))!;
      add('EASE', (await rankingScores(users, data.rows.width, ease))[NDCG]);
      for (const [name, settings] of Object.entries(MODELS)) {
        const trained = await trainedRecommender({ ...data, parts }, { variant: 'elsa', settings }, users);
        add(name, trained.scores[NDCG]);
        seconds.set(name, [...(seconds.get(name) ?? []), trained.seconds]);
      }
    }
    const contenders: ComparedModel[] = [];
    for (const [name, own] of scores) {
      const settings = MODELS[name];
      contenders.push({
        name,
        figures: {
          [NDCG]: { mean: mean(own), error: standardError(own) },
          ...(settings && (await costOf(settings, data.rows.width))),
        },
        ...(settings && { seconds: mean(seconds.get(name)!) }),
      });
    }
    return { contenders, checks: [] };
  },
};

/**
 * Returns the bytes of the graph that recommends, and the shortest durations of a request for one user, which do not
 * depend on what the model has learned.
 */
export async function costOf(
  { codeSize, nonZeros }: Settings<'elsa'>,
  items: number,
): Promise<ComparedModel['figures']> {
  const { recommend } = elsa.build(elsa.config.parse({ codeSize, nonZeros }), items, SEED).heads!;
  const { inputs, outputs } = recommend!;
  const weights = initialWeights(Object.values(outputs));
  const { model: graph } = await exportGraph({ name: 'recommend', inputs, outputs, weights });
  const single = (value: number) => ({ mean: value, error: 0 });
  return {
    [KIB]: single(graph.length / 1024),
    [NATIVE]: single(await milliseconds(graph, openNative)),
    [WASM]: single(await milliseconds(graph, openWasm)),
  };
}

async function milliseconds(graph: Uint8Array, open: OpenModel): Promise<number> {
  const session = await open(graph);
  const ids = (values: readonly number[]) => ({
    dtype: 'int64' as const,
    shape: [1, values.length],
    data: BigInt64Array.from(values, BigInt),
  });
  const items = ids(Array.from({ length: ITEMS }, (_, i) => 7 * i));
  const k = { dtype: 'int64' as const, shape: [1], data: BigInt64Array.of(BigInt(ANSWERS)) };
  const request = () => session.runTensors({ items, excluded: items, allowed: ids([-1]), k });
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < REQUESTS; i++) shortest = Math.min(shortest, (await timed(request)).milliseconds);
  await session.release();
  return shortest;
}
