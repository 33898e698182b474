import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import type { Input, Tensor, Value } from '../../../training/graph/types.ts';
import { input } from '../../../training/graph/value.ts';
import { dense } from '../../../training/layers/dense.ts';
import { evaluationContext, sequential } from '../../../training/layers/layer.ts';
import { contraction } from '../../../training/objectives/contraction.ts';
import { activationDivergence, gaussianDivergence, l1 } from '../../../training/objectives/penalties.ts';
import {
  meanLoss,
  RECONSTRUCTION_LOSSES,
  type ReconstructionLossName,
} from '../../../training/objectives/reconstruction.ts';
import { initialWeights, inOnnxruntime, relativeError } from '../../support/training/evaluate.ts';

function matrix(rows: number[][]): Tensor {
  return { dtype: 'float32', shape: [rows.length, rows[0]!.length], data: Float32Array.from(rows.flat()) };
}

function randomRows(count: number, width: number, scale = 1): number[][] {
  const source = random(4, 'objectives');
  return Array.from({ length: count }, () =>
    Array.from({ length: width }, () => scale * (2 * source.uniform() - 1)),
  );
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** Textbook formula of each loss, in float64, from outputs and targets of one row. */
const REFERENCE: Readonly<
  Record<ReconstructionLossName, (outputs: number[][], targets: number[][]) => number>
> = {
  mse: (o, t) => mean(o.flatMap((row, r) => row.map((v, c) => (v - t[r]![c]!) ** 2))),
  'sigmoid-mse': (o, t) => mean(o.flatMap((row, r) => row.map((v, c) => (sigmoid(v) - t[r]![c]!) ** 2))),
  mae: (o, t) => mean(o.flatMap((row, r) => row.map((v, c) => Math.abs(v - t[r]![c]!)))),
  huber: (o, t) =>
    mean(
      o.flatMap((row, r) =>
        row.map((v, c) => {
          const e = Math.abs(v - t[r]![c]!);
          return e <= 1 ? 0.5 * e * e : e - 0.5;
        }),
      ),
    ),
  'binary-cross-entropy': (o, t) =>
    mean(
      o.flatMap((row, r) =>
        row.map((v, c) => -t[r]![c]! * Math.log(sigmoid(v)) - (1 - t[r]![c]!) * Math.log(1 - sigmoid(v))),
      ),
    ),
  multinomial: (o, t) =>
    mean(
      o.map((row, r) => {
        const total = sum(row.map(Math.exp));
        return -sum(row.map((v, c) => t[r]![c]! * Math.log(Math.exp(v) / total)));
      }),
    ),
};

describe.each(Object.keys(RECONSTRUCTION_LOSSES) as ReconstructionLossName[])('loss %s', (name) => {
  it('equals its textbook formula', async () => {
    const [output, target] = [input('output', ['N', 5]), input('target', ['N', 5])];
    const outputs = randomRows(7, 5, 3);
    const targets = randomRows(7, 5).map((row) => row.map(Math.abs));
    const feeds = new Map<Input, Tensor>([
      [output, matrix(outputs)],
      [target, matrix(targets)],
    ]);
    const [[actual]] = (await inOnnxruntime(
      [meanLoss(RECONSTRUCTION_LOSSES[name], output, target)],
      feeds,
    )) as [[number]];
    expect(actual).toBeCloseTo(REFERENCE[name](outputs, targets), 5);
  });
});

it('binary cross-entropy stays finite and correct for logits that saturate the sigmoid', async () => {
  const loss = RECONSTRUCTION_LOSSES['binary-cross-entropy'];
  const [output, target] = [input('output', ['N', 4]), input('target', ['N', 4])];
  const whole = meanLoss(loss, output, target);
  const [gradient] = gradients(whole, [output]);
  const feeds = new Map<Input, Tensor>([
    [output, matrix([[-200, 200, -30, 88]])],
    [target, matrix([[1, 0, 0, 1]])],
  ]);
  const [values, [mean], slopes] = (await inOnnxruntime(
    [loss.elements(output, target), whole, gradient!],
    feeds,
  )) as [number[], number[], number[]];
  expect(values).toEqual([200, 200, expect.closeTo(0, 6), expect.closeTo(0, 6)]);
  expect(mean).toBeCloseTo(100, 6);
  expect(slopes).toEqual([-0.25, 0.25, expect.closeTo(0, 6), expect.closeTo(0, 6)]);
});

describe('penalties', () => {
  const codes = randomRows(6, 3).map((row) => row.map((value) => 0.5 + 0.45 * value));
  const code = input('code', ['N', 3]);
  const valuesOf = async (value: Value) =>
    (await inOnnxruntime([value], new Map([[code, matrix(codes)]])))[0]!;

  it('l1 is the mean over rows of the sum of magnitudes', async () => {
    const [actual] = await valuesOf(l1(code));
    expect(actual).toBeCloseTo(mean(codes.map((row) => sum(row.map(Math.abs)))), 6);
  });

  it('the activation divergence is the divergence of two Bernoulli distributions per unit', async () => {
    const p = 0.05;
    const expected = sum(
      [0, 1, 2].map((unit) => {
        const q = mean(codes.map((row) => row[unit]!));
        return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
      }),
    );
    const [actual] = await valuesOf(activationDivergence(code, p));
    expect(actual).toBeCloseTo(expected, 4);
  });

  it('the Gaussian divergence is the integral of q log q / p, by quadrature', async () => {
    const [m, logVariance] = [0.7, -0.9];
    const deviation = Math.exp(logVariance / 2);
    const density = (x: number, mu: number, s: number) =>
      Math.exp(-0.5 * ((x - mu) / s) ** 2) / (s * Math.sqrt(2 * Math.PI));
    const step = 1e-3;
    let expected = 0;
    for (let x = m - 10 * deviation; x < m + 10 * deviation; x += step) {
      const q = density(x, m, deviation);
      expected += q * Math.log(q / density(x, 0, 1)) * step;
    }
    const means = input('mean', ['N', 1]);
    const logs = input('log', ['N', 1]);
    const variances = input('variance', ['N', 1]);
    const feeds = new Map<Input, Tensor>([
      [means, matrix([[m]])],
      [logs, matrix([[logVariance]])],
      [variances, matrix([[deviation ** 2]])],
    ]);
    const [[actual]] = (await inOnnxruntime([gaussianDivergence(means, logs, variances)], feeds)) as [
      [number],
    ];
    expect(actual).toBeCloseTo(expected, 4);
  });
});

describe('contraction', () => {
  const rows = input('rows', ['N', 4]);
  const data = randomRows(5, 4);
  const layer = (
    name: string,
    inputs: number,
    units: number,
    activation: 'sigmoid' | 'tanh' | 'linear',
    normalization: 'none' | 'layer' = 'none',
  ) => dense({ name, inputs, units, activation, normalization, seed: 1 });
  const encoders = {
    'one sigmoid layer': [layer('a', 4, 3, 'sigmoid')],
    'a deep encoder': [layer('b', 4, 6, 'tanh'), layer('c', 6, 5, 'sigmoid'), layer('d', 5, 2, 'linear')],
    'a normalised encoder': [layer('e', 4, 6, 'tanh', 'layer'), layer('f', 6, 2, 'linear')],
  };

  it.each(Object.entries(encoders))(
    'equals the squared norm of a finite-difference Jacobian: %s',
    async (_, layers) => {
      const code = sequential(layers.map((each) => each.layer))(rows, evaluationContext());
      const encode = (x: number[][]) =>
        inOnnxruntime([code], new Map([[rows, matrix(x)]]), initialWeights([code])).then(
          ([values]) => values!,
        );
      const [[actual]] = (await inOnnxruntime(
        [contraction(code, rows)],
        new Map([[rows, matrix(data)]]),
        initialWeights([code]),
      )) as [[number]];
      const h = 1e-2;
      let norm = 0;
      for (let feature = 0; feature < 4; feature++) {
        const shifted = (by: number) => data.map((row) => row.map((v, i) => (i === feature ? v + by : v)));
        const [up, down] = [await encode(shifted(h)), await encode(shifted(-h))];
        norm += sum(up.map((value, i) => ((value - down[i]!) / (2 * h)) ** 2));
      }
      expect(relativeError([actual], [norm / data.length])).toBeLessThan(2e-3);
    },
  );

  it('equals the closed form of Rifai et al. for one sigmoid layer', async () => {
    const [only] = encoders['one sigmoid layer'];
    const code = only!.layer(rows, evaluationContext());
    const [[actual]] = (await inOnnxruntime(
      [contraction(code, rows)],
      new Map([[rows, matrix(data)]]),
      initialWeights([code]),
    )) as [[number]];
    const w = only!.weight.initial;
    const expected = mean(
      data.map((row) =>
        sum(
          [0, 1, 2].map((unit) => {
            const h = sigmoid(sum(row.map((v, i) => v * w[i * 3 + unit]!)));
            return (h * (1 - h)) ** 2 * sum([0, 1, 2, 3].map((i) => w[i * 3 + unit]! ** 2));
          }),
        ),
      ),
    );
    expect(relativeError([actual], [expected])).toBeLessThan(1e-5);
  });
});
