/** What the settings of a trial cost when the model is served: the size of its code, and the time of `encode`. */
import { exportGraph } from '../../training/artifact/exportGraphs.ts';
import { openWasm } from '../../training/engines/inference.ts';
import { initialWeights } from '../../training/evaluate/baselines/baselines.ts';
import { input } from '../../training/graph/value.ts';
import { variantOf } from '../../training/models/variantChoice.ts';
import { resolveSettings } from '../../training/settings.ts';
import type { PreparedRun } from '../cli/preparedRun.ts';
import type { TrialSettings } from './space.ts';

export interface Cost {
  readonly codeSize: number;
  /** Median time to encode a row in WebAssembly on one thread of this machine, in ms, without preprocessing. */
  readonly latency: number;
}

const WARM_UP = 20;
/** Rows that are encoded: as many as fit into this time, within these bounds. */
const ROWS = { fewest: 20, most: 400, milliseconds: 300 };

/** Measures an encoder with its first weights, whose values make no difference to the time. */
export async function costOf(
  { recipe, data, settings: common }: PreparedRun,
  own: TrialSettings,
  seed: number,
): Promise<Cost> {
  const { width } = data.rows;
  const settings = resolveSettings(recipe.variant, { ...common, ...own });
  const model = variantOf(recipe.variant).build(settings.model, width, seed, data.rowShape);
  const rows = input('rows', ['N', width]);
  const outputs = model.encoderOutputs?.(rows) ?? { code: model.encode(rows) };
  const weights = initialWeights(Object.values(outputs));
  const graph = await exportGraph({ name: 'encoder', inputs: [rows], outputs, weights });
  const session = await openWasm(graph.model);
  const row = { data: new Float32Array(width).fill(0.5), rowCount: 1, width };
  for (let i = 0; i < WARM_UP; i++) await session.run(row);
  const times: number[] = [];
  const end = performance.now() + ROWS.milliseconds;
  while (times.length < ROWS.fewest || (times.length < ROWS.most && performance.now() < end)) {
    const started = performance.now();
    await session.run(row);
    times.push(performance.now() - started);
  }
  await session.release();
  return { codeSize: model.codeSize, latency: times.sort((a, b) => a - b)[times.length >> 1]! };
}
