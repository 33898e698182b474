/** Neighbours of rows against the definition, computed with loops in float64. */
import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import type { Input, Tensor } from '../../../training/graph/types.ts';
import { input } from '../../../training/graph/value.ts';
import { neighbourDivergence, neighbourLogits } from '../../../training/objectives/neighbours.ts';
import { inOnnxruntime, relativeError } from '../../support/training/evaluate.ts';

const [ROWS, WIDTH, CODE, TEMPERATURE] = [7, 5, 3, 0.2];

function randomRows(width: number): number[][] {
  const source = random(3, `neighbours/${width}`);
  return Array.from({ length: ROWS }, () => Array.from({ length: width }, () => 2 * source.uniform() - 1));
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const inner = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return inner / Math.hypot(...a) / Math.hypot(...b);
}

/** Probabilities with which row `i` picks each other row. */
function picks(rows: readonly number[][], i: number): number[] {
  const weights = rows.map((row, j) => (j === i ? 0 : Math.exp(cosine(rows[i]!, row) / TEMPERATURE)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function divergence(rows: readonly number[][], codes: readonly number[][]): number {
  const ofRows = rows.map((_, i) => {
    const [p, q] = [picks(rows, i), picks(codes, i)];
    return p.reduce((sum, each, j) => (j === i ? sum : sum + each * Math.log(each / q[j]!)), 0);
  });
  return ofRows.reduce((sum, each) => sum + each, 0) / ROWS;
}

const [rows, code] = [input('rows', ['N', WIDTH]), input('code', ['N', CODE])];
const loss = neighbourDivergence(neighbourLogits(rows, TEMPERATURE), neighbourLogits(code, TEMPERATURE));
const [someRows, someCodes] = [randomRows(WIDTH), randomRows(CODE)];
const tensor = (values: readonly number[][]): Tensor => ({
  dtype: 'float32',
  shape: [values.length, values[0]!.length],
  data: Float32Array.from(values.flat()),
});
const feeds = (codes = someCodes) =>
  new Map<Input, Tensor>([
    [rows, tensor(someRows)],
    [code, tensor(codes)],
  ]);

it('the divergence is that of the definition, and 0 for codes at the same angles', async () => {
  const [values] = await inOnnxruntime([loss], feeds());
  expect(values![0]).toBeCloseTo(divergence(someRows, someCodes), 5);
  const longer = new Map<Input, Tensor>([[rows, tensor(someRows)]]);
  const target = neighbourLogits(rows, TEMPERATURE);
  const double = neighbourDivergence(target, target);
  expect((await inOnnxruntime([double], longer))[0]![0]).toBeCloseTo(0, 6);
});

it('its gradient is that of finite differences', async () => {
  const [gradient] = await inOnnxruntime(gradients(loss, [code]), feeds());
  const step = 1e-5;
  const moved = (at: number, by: number) =>
    someCodes.map((row, i) => row.map((value, j) => (i * CODE + j === at ? value + by : value)));
  const expected = Array.from({ length: ROWS * CODE }, (_, at) => {
    const [up, down] = [moved(at, step), moved(at, -step)].map((codes) => divergence(someRows, codes));
    return (up! - down!) / (2 * step);
  });
  expect(relativeError(gradient!, expected)).toBeLessThan(1e-4);
});

it('a row alone has no neighbours, and no divergence', async () => {
  const one = new Map<Input, Tensor>([
    [rows, tensor(someRows.slice(0, 1))],
    [code, tensor(someCodes.slice(0, 1))],
  ]);
  const [value, gradient] = await inOnnxruntime([loss, ...gradients(loss, [code])], one);
  expect([...value!, ...gradient!]).toEqual([0, 0, 0, 0]);
});
