/** Every transform is finite for every finite float32, in training and in the graph, forth and back. */
import { describe, expect, it } from 'vitest';
import { randomSplit } from '../../../training/data/splits.ts';
import { openWasm } from '../../../training/engines/inference.ts';
import { encodeColumn, fitColumn } from '../../../training/preprocess/columns.ts';
import { tableDataset } from '../../../training/preprocess/dataset.ts';
import { emitDecoding, emitEncoding, rawInputs } from '../../../training/preprocess/emit.ts';
import { rawRows } from '../../../training/preprocess/preprocessing.ts';
import { TRANSFORMS, type TransformName } from '../../../training/preprocess/registry.ts';
import type { TransformStep } from '../../../training/preprocess/steps.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { tableOf } from '../../support/data/tables.ts';
import { type Feeds, inOnnxruntime, inWasm } from '../../support/training/evaluate.ts';

const MAX = 3.4028234663852886e38;

/** The limits of float32, their neighbourhood, numbers around 0 and -1, and what is missing. */
const EXTREME = [
  ...[MAX, 1.7e38, 1e38, 3.5e37, 1e19, 1e6, 1, 0.5, 1e-6, 1e-38, 1.4e-45],
  ...[0, -1.4e-45, -1e-38, -1e-6, -0.5, -1, -1.0000001, -5, -1e19, -1e38, -1.7e38, -MAX],
];

/** Training rows by what is hard about them. */
const TRAINED: Readonly<Record<string, readonly number[]>> = {
  'ordinary numbers': [1, 2, 3, 4, 10],
  'numbers close together': [1e-7, 2e-7, 3e-7, 1e-7],
  'subnormal numbers': [1e-42, 2e-42, 4e-42, 0],
  'far from 0, close together': [3e38, 3.0000002e38, 3.0000005e38, 3e38],
  'a range beyond float32': [MAX, MAX, 0, 1e38, 2e38],
  'both ends of float32': [MAX, -MAX, MAX, -MAX, 0],
};

/** Steps around a transform of numbers or words, so that numbers come out. */
function stepsOf(name: TransformName): TransformStep[] {
  if (TRANSFORMS[name].kind === 'text') return [{ transform: name } as TransformStep, { transform: 'label' }];
  return [{ transform: name } as TransformStep];
}

const LINEAR = ['impute', 'standard', 'robust', 'minMax', 'clip'];

const CASES = Object.keys(TRANSFORMS).flatMap((name) =>
  Object.entries(TRAINED)
    // log1p cannot be fitted to values below -1, and is refused there.
    .filter(([, values]) => name !== 'log1p' || values.every((value) => value > -1))
    .map(([trained, values]) => ({ name: name as TransformName, trained, values })),
);

describe.each(CASES)('$name, trained on $trained', ({ name, values }) => {
  const isNumber = TRANSFORMS[name].kind === 'number';
  const cells = [...values, ...EXTREME];
  const table = tableOf({ x: isNumber ? cells : cells.map(String) });
  const train = Uint32Array.from(values.keys());
  const column = fitColumn(table, 'x', stepsOf(name), train);
  const encoded = encodeColumn(table.columns[0]!, column, 'test');
  const inputs = rawInputs([column]);
  const rows = Uint32Array.from(cells.keys());
  const [batch] = [...rawRows({ columns: [column], table }, rows)(rows.length, rows.length)];
  const feeds: Feeds = new Map(inputs.map((each) => [each, batch![each.name]!]));

  it('encodes every value as a finite number', () => {
    expect(encoded.every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['onnxruntime', inOnnxruntime],
    ['WASM', inWasm],
  ])('gives the same numbers in %s, and finite ones back', async (_, run) => {
    const encoding = emitEncoding([column], inputs);
    const [forth, back] = await run([encoding, emitDecoding([column], encoding)], feeds);
    forth!.forEach((value, i) => {
      expect(Math.abs(value - encoded[i]!)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(encoded[i]!)));
    });
    expect(back!.every(Number.isFinite)).toBe(true);
  });

  it.runIf([...LINEAR, 'symlog'].includes(name))('keeps the order of values', () => {
    const order = [...cells.keys()].sort((a, b) => Math.fround(cells[a]!) - Math.fround(cells[b]!));
    const sorted = order.map((row) => encoded[row]!);
    expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
  });

  // Logarithms of very small and very large numbers keep fewer digits than the numbers have.
  it.runIf(LINEAR.includes(name))('restores the training rows', async () => {
    const encoding = emitEncoding([column], inputs);
    const [back] = await inOnnxruntime([emitDecoding([column], encoding)], feeds);
    const span = Math.max(...values.map(Math.abs));
    values.forEach((value, i) => {
      expect(Math.abs(back![i]! - Math.fround(value)) / span).toBeLessThan(1e-5);
    });
  });
});

it('leaves missing values missing', async () => {
  for (const name of Object.keys(TRANSFORMS) as TransformName[]) {
    if (TRANSFORMS[name].kind !== 'number' || name === 'impute') continue;
    const table = tableOf({ x: [1, 2, 3, null] });
    const column = fitColumn(table, 'x', stepsOf(name), Uint32Array.of(0, 1, 2));
    const inputs = rawInputs([column]);
    const [batch] = [...rawRows({ columns: [column], table }, Uint32Array.of(3))(1, 1)];
    const feeds: Feeds = new Map(inputs.map((each) => [each, batch![each.name]!]));
    expect(encodeColumn(table.columns[0]!, column, 'test')[3]).toBeNaN();
    for (const run of [inOnnxruntime, inWasm])
      expect((await run([emitEncoding([column], inputs)], feeds))[0]![0]).toBeNaN();
  }
});

it('refuses options beyond float32', () => {
  const table = tableOf({ x: [1, 2] });
  const of = (step: TransformStep) => () => fitColumn(table, 'x', [step], Uint32Array.of(0, 1));
  const message = /column x: transform '.*': expected a number of at most 3.4028235e38; received/;
  expect(of({ transform: 'clip', max: 1e39 })).toThrow(message);
  expect(of({ transform: 'impute', strategy: 'constant', value: -1e39 })).toThrow(message);
});

it.each(['error', 'joint'] as const)('a row of any numbers has a finite score by %s', async (rowScore) => {
  const table = tableOf({
    a: Array.from({ length: 80 }, (_, row) => Math.sin(row)),
    b: Array.from({ length: 80 }, (_, row) => 1e-3 * Math.cos(row)),
    c: Array.from({ length: 80 }, (_, row) => Math.exp(row / 9)),
  });
  const { artifact } = await train({
    name: 'finite',
    data: tableDataset(table, { parts: randomSplit(table, { validation: 0.2, test: 0.2 }, 1) }),
    settings: { hidden: [16, 8], codeSize: 2, epochs: 2, rowScore },
    out: temporaryFolder(),
  });
  const rows = EXTREME.flatMap((value, i) => [
    [value, 0, 1],
    [0, value, 1],
    [0, 0, value],
    [value, value, EXTREME.at(-1 - i)!],
  ]);
  const model = await openWasm(artifact.graphs.autoencoder);
  const outputs = await model.runTensors({
    rows: { dtype: 'float32', shape: [rows.length, 3], data: Float32Array.from(rows.flat()) },
  });
  await model.release();
  for (const { data } of Object.values(outputs))
    expect(Array.from(data as Float32Array).every(Number.isFinite)).toBe(true);
});
