import { describe, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { withoutTies } from '../../../training/artifact/ambiguousRows.ts';
import { ENGINES } from '../../../training/engines/registry.ts';
import { programOf } from '../../../training/fitting/program.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import { reshape } from '../../../training/graph/ops/reshape.ts';
import type { Value, Weights } from '../../../training/graph/types.ts';
import { input } from '../../../training/graph/value.ts';
import { vectorQuantized } from '../../../training/models/vectorQuantized.ts';
import { OPTIMIZERS } from '../../../training/optimizers/registry.ts';
import { curve } from '../../support/data/data.ts';
import { inOnnxruntime, relativeError } from '../../support/training/evaluate.ts';
import { at } from '../../support/training/programs.ts';

const CODEBOOK = 8;
const WIDTH = 2;
const SLOTS = 3;
const config = vectorQuantized.config.parse({
  hidden: [],
  codeSize: SLOTS * WIDTH,
  embeddingSize: WIDTH,
  codebookSize: CODEBOOK,
});
const FEATURES = 6;
const model = vectorQuantized.build(config, FEATURES, 1);
const { rows } = curve(40, FEATURES);
const optimizer = OPTIMIZERS.adam.create(OPTIMIZERS.adam.config.parse({ learningRate: 1e-2 }));
const program = programOf(model, FEATURES, optimizer, 1);

function chunks(values: ArrayLike<number>, size: number): number[][] {
  const all = Array.from(values);
  return Array.from({ length: all.length / size }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** The encoder's output, computed independently: one linear layer. */
function encoded(weights: Weights, { data, width }: Matrix): number[][] {
  const weight = chunks(weights.get('encoder/dense_0/weight')!, SLOTS * WIDTH);
  const bias = [...weights.get('encoder/dense_0/bias')!];
  return chunks(data, width).map((row) =>
    bias.map((b, j) => row.reduce((sum, v, i) => sum + v * weight[i]![j]!, b)),
  );
}

const squaredDistance = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0);

function nearest(vector: number[], entries: number[][]): number {
  const distances = entries.map((entry) => squaredDistance(vector, entry));
  return distances.indexOf(Math.min(...distances));
}

function feed(data: Matrix) {
  return { dtype: 'float32', shape: [data.rowCount, data.width], data: data.data } as const;
}

/** Weights after some steps on the same batch, and the session's state after all but the last of them. */
async function trained(engine: keyof typeof ENGINES, steps: number) {
  const session = await ENGINES[engine](program, { threads: 1 });
  let before = await session.weights();
  for (let step = 0; step < steps; step++) {
    before = await session.weights();
    await session.train(rows, at(step));
  }
  const after = await session.weights();
  await session.dispose();
  return { before, after };
}

describe('the codebook', () => {
  it('returns the nearest entries and their indices', async () => {
    const { after } = await trained('onnxruntime', 20);
    const from = input('rows', ['N', FEATURES]);
    const { code, indices } = model.encoderOutputs!(from);
    const [codes, numbers] = await inOnnxruntime([code!, indices!], new Map([[from, feed(rows)]]), after);
    const entries = chunks(after.get('codebook/entries')!, WIDTH);
    const expected = encoded(after, rows).flatMap((row) =>
      chunks(row, WIDTH).map((each) => nearest(each, entries)),
    );
    expect(indices!.shape).toEqual(['N', SLOTS]);
    expect(numbers).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(2);
    expect(chunks(codes!, WIDTH)).toEqual(expected.map((number) => entries[number]));
  });

  it('moves entries to running means of the vectors that chose them', async () => {
    const { before, after } = await trained('onnxruntime', 30);
    const decay = config.codebookDecay;
    const vectors = encoded(before, rows).flatMap((row) => chunks(row, WIDTH));
    const entries = chunks(before.get('codebook/entries')!, WIDTH);
    const chosen = vectors.map((vector) => nearest(vector, entries));
    const shares = [...before.get('codebook/shares')!];
    const sums = chunks(before.get('codebook/sums')!, WIDTH);
    for (let entry = 0; entry < CODEBOOK; entry++) {
      const own = vectors.filter((_, i) => chosen[i] === entry);
      const share = decay * shares[entry]! + ((1 - decay) * own.length) / vectors.length;
      const expected = sums[entry]!.map((sum, i) => {
        const added = own.reduce((total, vector) => total + vector[i]!, 0) / vectors.length;
        return (decay * sum + (1 - decay) * added) / share;
      });
      expect(share).toBeGreaterThan(0.1 / CODEBOOK);
      const actual = chunks(after.get('codebook/entries')!, WIDTH)[entry]!;
      expect(relativeError(actual, expected)).toBeLessThan(1e-4);
    }
  });

  it('starts at vectors of the first batch', async () => {
    const { before, after } = await trained('onnxruntime', 1);
    const vectors = encoded(before, rows).flatMap((row) => chunks(row, WIDTH));
    const entries = chunks(after.get('codebook/entries')!, WIDTH);
    for (const entry of entries) {
      expect(Math.min(...vectors.map((vector) => squaredDistance(vector, entry)))).toBeLessThan(1e-9);
    }
    expect(new Set(entries.map(String)).size).toBeGreaterThan(CODEBOOK / 2);
  });
});

it('gradients go straight through, and the commitment loss pulls towards the entries', async () => {
  const { after } = await trained('onnxruntime', 20);
  const bias = program.parameters.find(({ name }) => name === 'encoder/dense_0/bias')!;
  const [gradient] = gradients(program.training.loss, [bias]);
  const [[...actual]] = (await inOnnxruntime([gradient!], new Map([[program.rows, feed(rows)]]), after)) as [
    number[],
  ];

  // By finite differences: of the decoder's loss by the code, and of the distance by the encoder's output.
  const codeInput = input('code', ['N', SLOTS * WIDTH]);
  const decoded = model.decode(codeInput);
  const entries = chunks(after.get('codebook/entries')!, WIDTH);
  const outside = encoded(after, rows);
  const codes = outside.map((row) => chunks(row, WIDTH).flatMap((each) => entries[nearest(each, entries)]!));
  const reconstructionLoss = async (shifted: number[][]) => {
    const data = Float32Array.from(shifted.flat());
    const given = { dtype: 'float32', shape: [shifted.length, SLOTS * WIDTH], data } as const;
    const [values] = await inOnnxruntime([decoded], new Map([[codeInput, given]]), after);
    return values!.reduce((sum, v, i) => sum + (v - rows.data[i]!) ** 2, 0) / values!.length;
  };
  const h = 1e-2;
  const expected: number[] = [];
  for (let unit = 0; unit < SLOTS * WIDTH; unit++) {
    const shifted = (by: number) => codes.map((row) => row.map((v, i) => (i === unit ? v + by : v)));
    const through =
      ((await reconstructionLoss(shifted(h))) - (await reconstructionLoss(shifted(-h)))) / (2 * h);
    const pulled = outside.reduce((sum, row, r) => sum + 2 * (row[unit]! - codes[r]![unit]!), 0);
    expected.push(through + (config.commitmentWeight * pulled) / (outside.length * SLOTS * WIDTH));
  }
  expect(relativeError(actual, expected)).toBeLessThan(2e-3);
});

it('both engines train it alike', async () => {
  const [ours, theirs] = [await trained('onnxruntime', 5), await trained('tfjs', 5)];
  for (const [name, values] of ours.after) {
    expect(relativeError([...theirs.after.get(name)!], [...values])).toBeLessThan(1e-3);
  }
});

it('reports the use of the entries', () => {
  const used = Float32Array.of(0.5, 0.25, 0.25, 0);
  // The entropy of 1/2, 1/4, 1/4 is 1.5 bits.
  expect(model.diagnostics!.summarise({ used_0: used })).toEqual({
    'codebook-perplexity': expect.closeTo(2 ** 1.5, 10),
    'codebook-usage': 0.75,
  });
  const single = Float32Array.of(0, 1, 0, 0);
  expect(model.diagnostics!.summarise({ used_0: used, used_1: single })).toEqual({
    'codebook-perplexity': expect.closeTo((2 ** 1.5 + 1) / 2, 10),
    'codebook-usage': 0.5,
  });
});

describe('residual codebooks', () => {
  const LEVELS = 3;
  const residual = vectorQuantized.build({ ...config, levels: LEVELS }, FEATURES, 1);
  const steps = programOf(residual, FEATURES, optimizer, 1);

  it('quantize what the ones before have left, and answer its entries level by level', async () => {
    const session = await ENGINES.onnxruntime(steps, { threads: 1 });
    for (let step = 0; step < 30; step++) await session.train(rows, at(step));
    const weights = await session.weights();
    await session.dispose();
    const books = ['codebook', 'codebook_1', 'codebook_2'].map((name) =>
      chunks(weights.get(`${name}/entries`)!, WIDTH),
    );
    const errors = new Array<number>(LEVELS).fill(0);
    const expected = encoded(weights, rows).flatMap((row) =>
      chunks(row, WIDTH).map((vector) => {
        let left = vector;
        const numbers = books.map((entries, level) => {
          const number = nearest(left, entries);
          left = left.map((value, i) => value - entries[number]![i]!);
          errors[level]! += squaredDistance(left, [0, 0]);
          return number;
        });
        return { numbers, code: vector.map((value, i) => value - left[i]!) };
      }),
    );
    const from = input('rows', ['N', FEATURES]);
    const { code, indices } = residual.encoderOutputs!(from);
    const [codes, numbers] = await inOnnxruntime([code!, indices!], new Map([[from, feed(rows)]]), weights);
    expect(indices!.shape).toEqual(['N', SLOTS * LEVELS]);
    expect(numbers).toEqual(expected.flatMap((each) => each.numbers));
    expect(relativeError(codes!, expected.flatMap((each) => each.code))).toBeLessThan(1e-5); // biome-ignore format: short
    expect(errors).toEqual(errors.toSorted((a, b) => b - a));
    expect(errors[2]!).toBeLessThan(0.5 * errors[0]!);
  });
});

it('rejects a code width that is not a multiple of the entry width', () => {
  const build = () => vectorQuantized.build({ ...config, codeSize: 5 }, FEATURES, 1);
  expect(build).toThrow(InputError);
  expect(build).toThrow("setting 'codeSize': expected a multiple of the embeddingSize 2, received 5");
});

describe('withoutTies', () => {
  /** Two choices a row, among three scores each: the row itself. */
  const scores = (from: Value) => reshape(from, [-1, 3]);
  const clear = [0, 1, 2, 5, 4, 3];
  const keeps = async (...given: number[][]) => {
    const data = Float32Array.from(given.flat());
    const rows: Matrix = { data, rowCount: given.length, width: 6 };
    const kept = await withoutTies({ scores }, new Map(), rows, 1e-5);
    return [...kept].map((row) => given[row]!);
  };

  it('leaves out rows with a choice within the tolerance, of magnitude 1 or of the largest score', async () => {
    const close = [0, 1, 2, 3, 0.000009, 3 + 0.00002];
    const large = [-1000, 5, 5.009, 0, 1, 2];
    expect(await keeps(clear, close, large, clear)).toEqual([clear, clear]);
    const apart = [0, 0.5, 0.50002, -1000, 5, 5.02].map(Math.fround);
    expect(await keeps(apart, close)).toEqual([apart]);
  });

  it('keeps rows whose choices are the same, and those whose lower scores are close', async () => {
    const same = [2, 2, 1, 0, 0, 0];
    const lower = [1, 1.000001, 2, 3, 4, 4].map(Math.fround);
    expect(await keeps(same, lower)).toEqual([same, lower]);
  });

  it('goes by the batch, and keeps all where none is clear', async () => {
    const tied = [0, 1, 1.000001, 5, 4, 3].map(Math.fround);
    const many = Array.from({ length: 150 }, (_, i) => (i % 3 === 0 ? tied : clear.with(0, -i)));
    expect(await keeps(...many)).toEqual(many.filter((row) => row !== tied));
    expect(await keeps(tied, tied)).toEqual([tied, tied]);
  });
});
