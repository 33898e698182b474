/** Learned thresholds: estimated derivatives against finite differences of what they estimate, and a trained model. */
import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import { add, mul } from '../../../training/graph/ops/arithmetic.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { variablesOf } from '../../../training/graph/traverse.ts';
import type { Input, Tensor } from '../../../training/graph/types.ts';
import { input, scalar } from '../../../training/graph/value.ts';
import { evaluationContext } from '../../../training/layers/layer.ts';
import { learnedThresholds, thresholdEstimates } from '../../../training/models/jumpRelu.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder, topics } from '../../support/data/data.ts';
import { initialWeights, inOnnxruntime } from '../../support/training/evaluate.ts';

const [ROWS, UNITS, BANDWIDTH] = [40, 3, 0.2];
const source = random(5, 'activations');
const values = Array.from({ length: ROWS * UNITS }, () => Math.fround(source.uniform()));
const thresholds = [0.3, 0.5, 0.7].map(Math.fround);
const activations = input('activations', ['N', UNITS]);
const threshold = input('threshold', [UNITS]);
const tensor = (data: readonly number[], shape: readonly number[]): Tensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(data),
});
const feeds = new Map<Input, Tensor>([
  [activations, tensor(values, [ROWS, UNITS])],
  [threshold, tensor(thresholds, [UNITS])],
]);

/** The step, smoothed by the rectangular kernel: its expectation if activations are spread evenly over its width. */
const smoothStep = (z: number, t: number) => Math.min(1, Math.max(0, (z - t) / BANDWIDTH + 0.5));

/** Sum over the rows of the central difference of `of` by the threshold, away from the corners of the kernel. */
function difference(unit: number, of: (z: number, t: number) => number): number {
  const [t, h] = [thresholds[unit]!, 1e-7];
  let sum = 0;
  for (let row = 0; row < ROWS; row++) {
    const z = values[row * UNITS + unit]!;
    sum += (of(z, t + h) - of(z, t - h)) / (2 * h);
  }
  return sum;
}

describe('the derivative by a threshold', () => {
  it('of the step and of JumpReLU is that of the smoothed step', async () => {
    const { ofStep, ofJump } = thresholdEstimates(activations, threshold, scalar(BANDWIDTH));
    const [step, jump] = await inOnnxruntime([reduceSum(ofStep, [0]), reduceSum(ofJump, [0])], feeds);
    for (let unit = 0; unit < UNITS; unit++) {
      expect(step![unit]).toBeCloseTo(difference(unit, smoothStep), 2);
      // The activations within the kernel are taken to be at the threshold.
      const t = thresholds[unit]!;
      expect(jump![unit]).toBeCloseTo(
        difference(unit, (z, moved) => t * smoothStep(z, moved)),
        2,
      );
    }
  });

  it('reaches the threshold through the code and through the penalty', async () => {
    const rows = input('rows', ['N', 2]);
    const lengths = Array.from({ length: ROWS * 2 }, () => 300); // so long that the kernel is wide
    const selection = learnedThresholds(UNITS, 2, 0.001);
    const { passed, penalty } = selection.learning!(activations, rows);
    const [own] = variablesOf([selection.least(activations, evaluationContext())]);
    const weights = mul(activations, activations); // derivatives of a loss by the code
    const [byCode, byPenalty] = [
      gradients(reduceSum(mul(add(activations, passed), weights)), [own!])[0]!,
      gradients(penalty, [own!])[0]!,
    ];
    const given = new Map([...feeds].filter(([each]) => each !== threshold)).set(
      rows,
      tensor(lengths, [ROWS, 2]),
    );
    const [code, pulled, zero, loss] = await inOnnxruntime(
      [byCode, byPenalty, passed, penalty],
      given,
      initialWeights([penalty]),
    );
    const power = 2 * 300 ** 2;
    const width = 0.001 * Math.sqrt(power);
    const near = (z: number) => (Math.abs(z - 0.001) < width / 2 ? 1 / width : 0);
    const active = values.filter((z) => z > 0.001).length / ROWS;
    expect(loss![0]! / ((power / 2) * (active / 2 - 1) ** 2)).toBeCloseTo(1, 4);
    expect(new Set(zero)).toEqual(new Set([0]));
    for (let unit = 0; unit < UNITS; unit++) {
      const own = Array.from({ length: ROWS }, (_, row) => values[row * UNITS + unit]!);
      const byOutput = own.reduce((sum, z) => sum - 0.001 * near(z) * z * z, 0);
      expect(code![unit]! / byOutput).toBeCloseTo(1, 3);
      const byCount = own.reduce((sum, z) => sum - near(z), 0) / ROWS;
      expect(pulled![unit]! / ((power / 2) * 2 * (active / 2 - 1) * (byCount / 2))).toBeCloseTo(1, 3);
    }
  });
});

it('learns thresholds above which about as many units are as asked for', async () => {
  const { artifact } = await train({
    name: 'jumprelu',
    variant: 'sparse',
    data: topics(300),
    settings: {
      ...{ sparsity: 'jumprelu', codeSize: 32, hidden: [], activeUnits: 4 },
      ...{ epochs: 40, batchSize: 32, learningRate: 0.02, schedule: 'cosine' },
    },
    out: temporaryFolder(),
  });
  const { metrics } = artifact.manifest;
  expect(Math.abs(metrics.l0! - 4)).toBeLessThan(1);
  expect(metrics['explained-variance']).toBeGreaterThan(0.8);
});
