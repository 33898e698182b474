/** Divergences of codes against their definitions, computed with loops in float64, and closed forms. */
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../../shared/normal.ts';
import { random } from '../../../shared/random.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import type { Input, Tensor } from '../../../training/graph/types.ts';
import { input } from '../../../training/graph/value.ts';
import { VARIANTS } from '../../../training/models/registry.ts';
import { CODE_DIVERGENCES } from '../../../training/objectives/codeDivergences.ts';
import { meanDiscrepancy } from '../../../training/objectives/meanDiscrepancy.ts';
import { totalCorrelation } from '../../../training/objectives/totalCorrelation.ts';
import { inOnnxruntime, inTfjs, relativeError } from '../../support/training/evaluate.ts';

type Matrix = readonly (readonly number[])[];

const source = random(5, 'code divergences');
const normal = () => normalQuantile((source.uint32() + 0.5) / 2 ** 32);
const normals = (count: number, width: number): number[][] =>
  Array.from({ length: count }, () => Array.from({ length: width }, () => normal()));
const tensor = (rows: Matrix): Tensor => ({
  ...{ dtype: 'float32', shape: [rows.length, rows[0]!.length] },
  data: Float32Array.from(rows.flat()),
});
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;

/** The mean of log q(z) - sum_d log q(z_d), q being the mean of the Gaussians of all rows. */
function expectedCorrelation(means: Matrix, logVariances: Matrix, codes: Matrix): number {
  const density = (z: number, row: number, d: number) => {
    const variance = Math.exp(logVariances[row]![d]!);
    return Math.exp(-0.5 * ((z - means[row]![d]!) ** 2 / variance)) / Math.sqrt(2 * Math.PI * variance);
  };
  return mean(
    codes.map((code) => {
      const joint = mean(codes.map((_, row) => code.reduce((p, z, d) => p * density(z, row, d), 1)));
      const apart = code.map((z, d) => Math.log(mean(codes.map((_, row) => density(z, row, d)))));
      return Math.log(joint) - sum(apart);
    }),
  );
}

/** The unbiased estimate of the squared MMD, from its definition. */
function expectedDiscrepancy(codes: Matrix, prior: Matrix): number {
  const kernel = (a: readonly number[], b: readonly number[]) => {
    const distance = sum(a.map((value, i) => (value - b[i]!) ** 2));
    return sum(
      [0.1, 0.2, 0.5, 1, 2, 5, 10].map((scale) => {
        const c = 2 * a.length * scale;
        return c / (c + distance);
      }),
    );
  };
  const pairs = (rows: Matrix) =>
    mean(rows.flatMap((a, i) => rows.filter((_, j) => j !== i).map((b) => kernel(a, b))));
  return pairs(codes) + pairs(prior) - 2 * mean(codes.flatMap((a) => prior.map((b) => kernel(a, b))));
}

const WIDTH = 3;
const [means, logs, codes, prior] = ['means', 'logs', 'codes', 'prior'].map((name) =>
  input(name, ['N', WIDTH]),
) as [Input, Input, Input, Input];

const CASES = {
  'beta-tc': {
    value: totalCorrelation(means, logs, codes),
    inputs: [means, logs, codes],
    given: () => [
      normals(7, WIDTH),
      normals(7, WIDTH).map((row) => row.map((v) => v - 1)),
      normals(7, WIDTH),
    ],
    expected: (given: readonly Matrix[]) => expectedCorrelation(given[0]!, given[1]!, given[2]!),
  },
  'wae-mmd': {
    value: meanDiscrepancy(codes, prior),
    inputs: [codes, prior],
    given: () => [normals(7, WIDTH).map((row) => row.map((v) => 2 * v + 1)), normals(7, WIDTH)],
    expected: (given: readonly Matrix[]) => expectedDiscrepancy(given[0]!, given[1]!),
  },
} satisfies Record<keyof typeof CODE_DIVERGENCES, object>;

describe.each(Object.entries(CASES))('%s', (_, { value, inputs, given, expected }) => {
  const rows = given();
  const feeds = new Map(inputs.map((each, i) => [each, tensor(rows[i]!)]));

  it('equals its definition, in both engines', async () => {
    for (const engine of [inOnnxruntime, inTfjs]) {
      const [[actual]] = (await engine([value], feeds)) as [[number]];
      expect(actual).toBeCloseTo(expected(rows), 4);
    }
  });

  it('has the gradient of finite differences', async () => {
    const [first] = inputs as [Input];
    const [gradient] = gradients(value, [first]);
    const [actual] = await inOnnxruntime([gradient!], feeds);
    const h = 1e-4;
    const differences = rows[0]!.flatMap((row, r) =>
      row.map((_, c) => {
        const shifted = (by: number) =>
          expected([
            rows[0]!.map((own, i) => own.map((v, j) => (i === r && j === c ? v + by : v))),
            ...rows.slice(1),
          ]);
        return (shifted(h) - shifted(-h)) / (2 * h);
      }),
    );
    expect(relativeError(actual!, differences)).toBeLessThan(1e-3);
  });
});

it('the total correlation of two correlated dimensions is -log(1 - r^2) / 2', async () => {
  const correlation = 0.8;
  const rest = Math.sqrt(1 - correlation ** 2);
  const variance = 0.05;
  // Codes are means with a little noise, which leaves the sums with variances of 1.
  const own = normals(1500, 2).map(([a, b]) =>
    [a!, correlation * a! + rest * b!].map((v) => v * Math.sqrt(1 - variance)),
  );
  const noisy = own.map((row) => row.map((v) => v + Math.sqrt(variance) * normal()));
  const [m, l, c] = ['m', 'l', 'c'].map((name) => input(name, ['N', 2])) as [Input, Input, Input];
  const feeds = new Map([
    [m, tensor(own)],
    [l, tensor(own.map((row) => row.map(() => Math.log(variance))))],
    [c, tensor(noisy)],
  ]);
  const [[actual]] = (await inOnnxruntime([totalCorrelation(m, l, c)], feeds)) as [[number]];
  const ofSums = correlation * (1 - variance);
  expect(actual).toBeGreaterThan(0.8 * (-0.5 * Math.log(1 - ofSums ** 2)));
  expect(actual).toBeLessThan(1.4 * (-0.5 * Math.log(1 - ofSums ** 2)));
});

it('the discrepancy of samples of the prior is near 0, and of a single row finite', async () => {
  const of = async (a: Matrix, b: Matrix) =>
    (await inOnnxruntime([meanDiscrepancy(codes, prior)], new Map([[codes, tensor(a)], [prior, tensor(b)]])))[0]![0]!; // biome-ignore format: short
  expect(Math.abs(await of(normals(300, WIDTH), normals(300, WIDTH)))).toBeLessThan(0.02);
  expect(await of(normals(300, WIDTH).map((row) => row.map((v) => v + 1)), normals(300, WIDTH))).toBeGreaterThan(0.3); // biome-ignore format: short
  expect(await of(normals(1, WIDTH), normals(1, WIDTH))).toSatisfy(Number.isFinite);
});

it('has a case for every divergence, and refuses free bits with it', () => {
  expect(Object.keys(CASES)).toEqual(Object.keys(CODE_DIVERGENCES));
  const { variational } = VARIANTS;
  const config = variational.config.parse({ divergence: 'wae-mmd', freeBits: 0.1 });
  expect(() => variational.build(config, 4, 1)).toThrow(
    /setting 'freeBits': expected 0 with divergence wae-mmd/,
  );
});
