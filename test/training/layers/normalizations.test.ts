import type * as tfjs from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { loadTfjs } from '../../../training/engines/tfjs/load.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import { mul } from '../../../training/graph/ops/arithmetic.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { variablesOf } from '../../../training/graph/traverse.ts';
import type { Tensor, Tfjs, Value, Variable, Weights } from '../../../training/graph/types.ts';
import { constant, input, sizeOf, variable } from '../../../training/graph/value.ts';
import { conv2d } from '../../../training/layers/conv2d.ts';
import { convTranspose2d } from '../../../training/layers/convTranspose2d.ts';
import { dense } from '../../../training/layers/dense.ts';
import { evaluationContext, type Layer, trainingContext } from '../../../training/layers/layer.ts';
import type { LinearOptions } from '../../../training/layers/linear.ts';
import { NORMALIZATIONS, type NormalizationName } from '../../../training/layers/normalizations.ts';
import { inOnnxruntime, relativeError } from '../../support/training/evaluate.ts';

const BATCH = 5;
const EPSILON = 1e-5;
/** Step of finite differences. */
const STEP = 2e-3;
const DIRECTIONS = 3;

interface LayerCase {
  /** Shape of a row. */
  readonly shape: readonly number[];
  readonly channels: number;
  readonly make: (options: LinearOptions) => Layer;
}

const LAYERS: Readonly<Record<string, LayerCase>> = {
  dense: { shape: [4], channels: 3, make: (options) => dense({ ...options, inputs: 4, units: 3 }).layer },
  'tied dense': {
    shape: [4],
    channels: 3,
    make: (options) =>
      dense({
        ...options,
        inputs: 4,
        units: 3,
        tiedTo: variable('tied', [3, 4], numbers(12, 'tied')),
      }).layer,
  },
  conv2d: {
    shape: [2, 4, 3],
    channels: 3,
    make: (options) =>
      conv2d({ ...options, channels: 2, filters: 3, kernel: 3, strides: [2, 2], pads: [1, 1, 1, 1] }),
  },
  convTranspose2d: {
    shape: [3, 2, 2],
    channels: 2,
    make: (options) => {
      const windows = { strides: [2, 2], pads: [1, 1, 1, 1], outputPadding: [1, 0] } as const;
      return convTranspose2d({ ...options, ...windows, channels: 3, filters: 2, kernel: 3 });
    },
  },
};

function numbers(count: number, stream: string, low = -1, high = 1): Float32Array {
  const source = random(3, stream);
  return Float32Array.from({ length: count }, () => low + (high - low) * source.uniform());
}

/**
 * A case's input and its outputs in training and in evaluation, with weights other than the initial ones.
 */
function applied({ shape, make }: LayerCase, normalization: NormalizationName) {
  const x = input('x', ['N', ...shape]);
  const data = numbers(BATCH * sizeOf(shape), 'rows', -1, 3);
  const rows = { dtype: 'float32' as const, shape: [BATCH, ...shape], data };
  const layer = make({ name: 'layer', activation: 'linear', normalization, seed: 1 });
  const context = trainingContext();
  const training = layer(x, context);
  const evaluation = layer(x, evaluationContext());
  const updates = [...context.updates];
  const variables = variablesOf([training, evaluation, ...updates.map(([, value]) => value)]);
  const weights: Weights = new Map(
    // Variances are positive.
    variables.map(({ name, initial }) => [name, numbers(initial.length, name, 0.5, 2)]),
  );
  return { x, rows, training, evaluation, updates, variables, weights, feeds: new Map([[x, rows]]) };
}

type Applied = ReturnType<typeof applied>;

async function valuesOf({ feeds, weights }: Applied, values: readonly Value[]): Promise<number[][]> {
  return inOnnxruntime(values, feeds, weights);
}

let tf: Tfjs;
beforeAll(async () => {
  ({ tf } = await loadTfjs());
});

/** Outputs of the linear map before normalisation, channels last as in TensorFlow.js. */
async function linearOutputs(layerCase: LayerCase, weights: Weights): Promise<tfjs.Tensor> {
  const plain = applied(layerCase, 'none');
  const withoutBias = new Map([...weights, ['layer/bias', new Float32Array(layerCase.channels)] as const]);
  const [y] = await valuesOf({ ...plain, weights: withoutBias }, [plain.training]);
  return channelsLast(y!, plain.training);
}

function channelsLast(values: number[], { shape: [, ...rest] }: Value): tfjs.Tensor {
  const tensor = tf.tensor(values, [BATCH, ...(rest as number[])]);
  return rest.length === 1 ? tensor : tf.transpose(tensor, [0, 2, 3, 1]);
}

function vector(weights: Weights, name: string): tfjs.Tensor1D {
  return tf.tensor1d(weights.get(`layer/${name}`)!);
}

function expectClose(actual: tfjs.Tensor, expected: tfjs.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(relativeError([...actual.dataSync()], [...expected.dataSync()])).toBeLessThan(1e-5);
}

describe.each(Object.entries(LAYERS))('after %s', (_, layerCase) => {
  it("batch normalisation equals TensorFlow.js's, with the moments of the batch and with the running moments", async () => {
    const batch = applied(layerCase, 'batch');
    const { training, evaluation, weights, updates } = batch;
    const results = await valuesOf(batch, [training, evaluation, ...updates.map(([, value]) => value)]);
    const y = await linearOutputs(layerCase, weights);
    const normalize = (mean: tfjs.Tensor1D, variance: tfjs.Tensor1D) =>
      tf.batchNorm(
        y as tfjs.Tensor4D,
        mean,
        variance,
        vector(weights, 'beta'),
        vector(weights, 'gamma'),
        EPSILON,
      );
    const { mean, variance } = tf.moments(y, y.shape.map((_, axis) => axis).slice(0, -1)) as {
      mean: tfjs.Tensor1D;
      variance: tfjs.Tensor1D;
    };
    expectClose(channelsLast(results[0]!, training), normalize(mean, variance));
    const running = [vector(weights, 'running_mean'), vector(weights, 'running_variance')] as const;
    expectClose(channelsLast(results[1]!, evaluation), normalize(...running));
    expect(updates.map(([{ name }]) => name)).toEqual(['layer/running_mean', 'layer/running_variance']);
    for (const [i, now] of [mean, variance].entries()) {
      const moved = tf.add(tf.mul(running[i]!, 0.9), tf.mul(now, 0.1));
      expectClose(tf.tensor1d(results[2 + i]!), moved);
    }
  });

  it('layer normalisation gives every row mean 0 and variance 1 over all channels, then scales and shifts them', async () => {
    const layer = applied(layerCase, 'layer');
    const { training, evaluation, weights } = layer;
    const [trained, evaluated] = await valuesOf(layer, [training, evaluation]);
    expect(evaluated).toEqual(trained);
    const y = tf.add(await linearOutputs(layerCase, weights), vector(weights, 'bias'));
    const rows = tf.reshape(y, [BATCH, -1]);
    const { mean, variance } = tf.moments(rows, 1, true);
    const standardized = tf.div(tf.sub(rows, mean), tf.sqrt(tf.add(variance, EPSILON)));
    const expected = tf.add(
      tf.mul(tf.reshape(standardized, y.shape), vector(weights, 'gamma')),
      vector(weights, 'beta'),
    );
    expectClose(channelsLast(trained!, training), expected);
  });

  it.each(Object.keys(NORMALIZATIONS) as NormalizationName[])(
    'the gradients with %s equal finite differences',
    async (normalization) => {
      const made = applied(layerCase, normalization);
      const { x, training, updates, variables } = made;
      const parameters = variables.filter((each) => !updates.some(([updated]) => updated === each));
      const shape = training.shape.slice(1) as number[];
      const projection = constant({ dtype: 'float32', shape, data: numbers(sizeOf(shape), 'projection') });
      const target = reduceSum(mul(mul(training, training), projection));
      const slopes = await valuesOf(made, gradients(target, [x, ...parameters]));
      for (let i = 0; i < DIRECTIONS; i++) {
        const direction = slopes.map(({ length }, k) => numbers(length, `direction/${i}/${k}`));
        const expected = await slopeAlong(made, target, parameters, direction);
        const actual = slopes.map((slope, k) => dot(slope, direction[k]!)).reduce((a, b) => a + b);
        const scale = Math.hypot(...slopes.flat());
        expect(Math.abs(actual - expected) / scale).toBeLessThan(5e-3);
      }
    },
  );
});

function dot(a: readonly number[], b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/**
 * Directional derivative of the target when the rows and all parameters move along a direction.
 */
async function slopeAlong(
  { rows, weights, ...made }: Applied,
  target: Value,
  parameters: readonly Variable[],
  [ofRows, ...ofParameters]: readonly Float32Array[],
): Promise<number> {
  const at = async (step: number) => {
    const moved = (data: Float32Array, direction: Float32Array) =>
      data.map((value, i) => value + step * direction[i]!);
    const there: Weights = new Map([
      ...weights,
      ...parameters.map(({ name }, i) => [name, moved(weights.get(name)!, ofParameters[i]!)] as const),
    ]);
    const feeds = new Map([[made.x, { ...rows, data: moved(rows.data, ofRows!) }]]);
    return (await inOnnxruntime([target], feeds, there))[0]![0]!;
  };
  return ((await at(STEP)) - (await at(-STEP))) / (2 * STEP);
}

it('batch normalisation of a single row returns its shift and has finite gradients', async () => {
  const x = input('x', ['N', 4]);
  const layer = dense({
    name: 'layer',
    inputs: 4,
    units: 2,
    activation: 'linear',
    normalization: 'batch',
    seed: 1,
  });
  const y = layer.layer(x, trainingContext());
  const weights = new Map(variablesOf([y]).map(({ name, initial }) => [name, initial]));
  weights.set('layer/beta', Float32Array.of(0.25, -1));
  const rows: Tensor = { dtype: 'float32', shape: [1, 4], data: numbers(4, 'one') };
  const [values, slopes] = await inOnnxruntime(
    [y, ...gradients(reduceSum(mul(y, y)), [layer.weight])],
    new Map([[x, rows]]),
    weights,
  );
  expect(values).toEqual([0.25, -1]);
  expect(slopes).toEqual(Array(8).fill(expect.closeTo(0, 6)));
});
