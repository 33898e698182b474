import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../shared/tensor.ts';
import type { Engine } from '../../../training/engines/engine.ts';
import { openNative } from '../../../training/engines/inference.ts';
import { onnxruntime } from '../../../training/engines/onnxruntime.ts';
import { tfjsEngine } from '../../../training/engines/tfjs/engine.ts';
import { programOf } from '../../../training/fitting/program.ts';
import { sequence } from '../../../training/models/sequence.ts';
import { createOptimizer } from '../../../training/optimizers/create.ts';
import { resolveSettings, type Settings } from '../../../training/settings.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';
import { relativeError } from '../../support/training/evaluate.ts';
import { at } from '../../support/training/programs.ts';

const { rows } = curve(20, 8);
const TINY = { units: 4, codeSize: 2 } as const;

async function steps(engine: Engine, settings: Settings<'sequence'>) {
  const { model, optimizer } = resolveSettings('sequence', { ...TINY, learningRate: 0.01, ...settings });
  const program = programOf(
    sequence.build(sequence.config.parse(model), 8, 1, [4, 2]),
    8,
    createOptimizer(optimizer),
    1,
  );
  const session = await engine(program, {});
  const losses: number[] = [];
  for (let step = 0; step < 5; step++) losses.push((await session.train(rows, at(step)))[0]!.loss);
  losses.push((await session.evaluate(rows, 0)).loss);
  await session.dispose();
  return losses;
}

describe.each(['lstm', 'gru'] as const)('of %s cells', (cell) => {
  it.each([0, 1, 3])("onnxruntime's steps equal TensorFlow.js's, horizon %i", async (horizon) => {
    const ours = await steps(onnxruntime, { cell, horizon });
    const theirs = await steps(tfjsEngine, { cell, horizon });
    expect(relativeError(ours, theirs)).toBeLessThan(1e-4);
  });
});

it('continues a window from its history, like the autoencoder from the whole window', async () => {
  const { artifact, split } = await train({
    force: true, // trained too briefly to beat the mean
    name: 'tiny',
    data: { ...curve(60, 8), rowShape: [4, 2] },
    variant: 'sequence',
    settings: { ...TINY, horizon: 1, epochs: 2 },
    out: temporaryFolder(),
  });
  const { graphs, baselines } = artifact.manifest;
  expect(graphs.forecast!.inputs).toEqual([{ name: 'history', dtype: 'float32', shape: ['N', 6] }]);
  expect(graphs.forecast!.outputs).toEqual([{ name: 'forecast', dtype: 'float32', shape: ['N', 2] }]);
  expect(graphs.autoencoder.inputs[0]!.shape).toEqual(['N', 8]);
  expect(graphs.decoder.outputs[0]!.shape).toEqual(['N', 2]);
  expect(Object.keys(baselines)).toEqual(['persistence', 'linear', 'mean', 'untrained']);

  const test = split.test;
  const history: Matrix = {
    data: Float32Array.from(
      { length: test.rowCount * 6 },
      (_, i) => test.data[Math.floor(i / 6) * 8 + (i % 6)]!,
    ),
    rowCount: test.rowCount,
    width: 6,
  };
  const run = async (graph: 'autoencoder' | 'forecast', given: Matrix) => {
    const model = await openNative(artifact.graphs[graph]!);
    const outputs = await model.run(given);
    await model.release();
    return outputs;
  };
  const { reconstruction, error } = await run('autoencoder', test);
  const { forecast } = await run('forecast', history);
  expect(forecast).toEqual(reconstruction);
  const expected = Array.from({ length: test.rowCount }, (_, row) => {
    const off = [0, 1].map((i) => forecast![row * 2 + i]! - test.data[row * 8 + 6 + i]!);
    return (off[0]! ** 2 + off[1]! ** 2) / 2;
  });
  expect(relativeError([...error!], expected)).toBeLessThan(1e-5);
});

it('rejects rows that are not windows, and a horizon that leaves nothing to encode', () => {
  const build = (horizon: number, rowShape: number[]) => () =>
    sequence.build(sequence.config.parse({ horizon }), 8, 1, rowShape);
  expect(build(0, [2, 2, 2])).toThrow(
    'variant sequence needs windows, rows of shape [steps] or [steps, channels]; received rows of shape [2,2,2]',
  );
  expect(build(4, [4, 2])).toThrow(
    "setting 'horizon': expected fewer than the 4 steps of a row, which leaves steps to encode; received 4",
  );
});
