import { describe, expect, it } from 'vitest';
import { feeder } from '../../../training/engines/feeds.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { inputsOf } from '../../../training/graph/traverse.ts';
import type { Input, Tensor, Value } from '../../../training/graph/types.ts';
import { input } from '../../../training/graph/value.ts';
import { dropout } from '../../../training/layers/dropout.ts';
import { evaluationContext, trainingContext } from '../../../training/layers/layer.ts';
import { encoderDecoder } from '../../../training/models/stack.ts';
import { undercomplete } from '../../../training/models/undercomplete.ts';
import { inOnnxruntime, relativeError } from '../../support/training/evaluate.ts';
import { at } from '../../support/training/programs.ts';

const ROWS = 400;
const x = input('x', ['N', 25]);
const data = Float32Array.from({ length: ROWS * 25 }, (_, i) => 1 + (i % 7));

/** The values of a training step, with the noise of a session. */
async function inStep(values: readonly Value[], step: number): Promise<number[][]> {
  const noises = inputsOf(values).filter((each) => each !== x);
  const noise = feeder(noises, 1, 'training')(ROWS, at(step));
  const feeds = noises.map((each): [Input, Tensor] => {
    const { data: drawn, shape } = noise.get(each.name)!;
    return [each, { dtype: 'float32', shape, data: drawn.slice() }];
  });
  const rows: Tensor = { dtype: 'float32', shape: [ROWS, 25], data };
  return inOnnxruntime(values, new Map<Input, Tensor>([[x, rows], ...feeds]));
}

describe('dropout', () => {
  it.each([0.1, 0.5, 0.9])('sets the share %d of the values to 0 and keeps their mean', async (rate) => {
    const y = dropout('noise', rate)(x, trainingContext());
    const [values, slopes] = await inStep([y, gradients(reduceSum(y), [x])[0]!], 0);
    const dropped = values!.filter((value) => value === 0).length / values!.length;
    expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / values!.length));
    const factors = values!.map((value) => (value === 0 ? 0 : 1 / (1 - rate)));
    const expected = factors.map((factor, i) => factor * data[i]!);
    expect(relativeError(values!, expected)).toBeLessThan(1e-6);
    expect(relativeError(slopes!, factors)).toBeLessThan(1e-6);
    const [others] = await inStep([y], 1);
    expect(relativeError(others!, values!)).toBeGreaterThan(0.1);
  });

  it('does nothing in evaluation or at rate 0', () => {
    expect(dropout('noise', 0.5)(x, evaluationContext())).toBe(x);
    expect(dropout('noise', 0)(x, trainingContext())).toBe(x);
  });
});

it('every hidden layer has its own noise, the code and the output have none', () => {
  const config = undercomplete.config.parse({ hidden: [8, 6], codeSize: 3, dropout: 0.2, filters: [2] });
  const image = { features: 25, rowShape: [5, 5], seed: 1 };
  const { encoder, decoder } = encoderDecoder(config, { ...image, codeActivation: 'linear' });
  const context = trainingContext();
  const noises = inputsOf([decoder(encoder(x, context), context)]).filter((each) => each !== x);
  expect(noises.map(({ name, shape }) => `${name} ${shape}`)).toEqual([
    'encoder/conv_0/dropout N,2,3,3',
    'encoder/dense_0/dropout N,8',
    'encoder/dense_1/dropout N,6',
    'decoder/dense_0/dropout N,6',
    'decoder/dense_1/dropout N,8',
    'decoder/dense_2/dropout N,18',
  ]);
});
