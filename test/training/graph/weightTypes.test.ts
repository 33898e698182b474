import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { openNative, openWasm } from '../../../training/engines/inference.ts';
import { toOnnx } from '../../../training/graph/onnx.ts';
import { tanh } from '../../../training/graph/ops/activations.ts';
import { add, mul } from '../../../training/graph/ops/arithmetic.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { gather } from '../../../training/graph/ops/gather.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import { transpose } from '../../../training/graph/ops/transpose.ts';
import { ModelProto } from '../../../training/graph/schema.ts';
import type { Value, Variable } from '../../../training/graph/types.ts';
import { constant, input, int64s, variable } from '../../../training/graph/value.ts';
import {
  readWeights,
  storedWeights,
  WEIGHT_TYPES,
  type WeightType,
} from '../../../training/graph/weights/weightTypes.ts';

/** Limits per value of a matrix: bytes, and its change as a share of the largest value of its slice. */
const CASES: Readonly<Record<WeightType, { readonly bytes: number; readonly step: number }>> = {
  float32: { bytes: 4, step: 0 },
  float16: { bytes: 2, step: 2 ** -11 },
  // Half a step of 127, whose scale is rounded up; a scale of 4 bytes for 8 values or more.
  int8: { bytes: 1.5, step: 0.501 / 127 },
};

const source = random(3, 'weights');
const numbers = (count: number) => Float32Array.from({ length: count }, () => source.uniform() - 0.5);
const matrix = (name: string, rows: number, columns: number) =>
  variable(name, [rows, columns], numbers(rows * columns));

const rows = input('rows', ['N', 16]);
/** 9 rows of different magnitudes. */
const table = variable(
  'table',
  [9, 16],
  numbers(144).map((value, i) => value * 10 ** (Math.floor(i / 16) - 4)),
);
const small = matrix('small', 16, 10);
const bias = variable('bias', [10], numbers(10));
// More values than a block holds; 16 rows are not a multiple of any block.
const large = matrix('large', 16, 66_000);
const largeBias = variable('large_bias', [66_000], numbers(66_000));
const tall = matrix('tall', 66_000, 16);
const transposed = matrix('transposed', 10, 16);
const batches = constant({
  dtype: 'int64',
  shape: [2, 2],
  data: BigInt64Array.of(0n, 8n, 3n, 1n),
});
/** Rows as wide as the tall matrix has rows. */
const wide = gemm(rows, transpose(tall, [1, 0]));

const GRAPHS: Readonly<Record<string, readonly [Readonly<Record<string, Value>>, readonly Variable[]]>> = {
  'a product': [{ y: tanh(gemm(rows, small, { bias })) }, [small, bias]],
  'a transposed one': [{ y: gemm(rows, transposed, { transB: true }) }, [transposed]],
  'a large one, with a scale per column': [{ y: gemm(rows, large, { bias: largeBias }) }, [large, largeBias]],
  'a large one without bias, with a scale per row': [{ y: gemm(wide, tall) }, [tall]],
  'rows that are picked': [{ y: mul(rows, gather(table, int64s([8]), 0)) }, [table]],
  'rows that are picked in two dimensions': [
    { y: mul(rows, reduceSum(gather(table, batches, 0), [0, 1])) },
    [table],
  ],
  'rows that have one scale per column': [{ y: add(rows, gather(transposed, int64s([3]), 0)) }, [transposed]],
  'columns that are picked': [{ y: gemm(rows, gather(small, int64s([3, 0]), 1)) }, [small]],
  'columns that have one scale per row': [
    { y: gemm(transposedRows(), gather(table, int64s([7, 1]), 1)) },
    [table],
  ],
  'rows that are picked, and a product': [
    { y: gemm(add(rows, gather(table, int64s([2]), 0)), table, { transB: true }) },
    [table],
  ],
};

/** The first nine columns of the rows. */
function transposedRows(): Value {
  const ids = int64s(Array.from({ length: 9 }, (_, i) => i));
  return gather(rows, ids, 1);
}

function weightsOf(variables: readonly Variable[]) {
  return new Map(variables.map(({ name, initial }) => [name, initial] as const));
}

describe.each(Object.keys(WEIGHT_TYPES) as WeightType[])('weights as %s', (weightType) => {
  const { bytes, step } = CASES[weightType];

  it.each(Object.entries(GRAPHS))(
    'are the weights that graphs compute with: %s',
    async (_, [outputs, variables]) => {
      const stored = storedWeights(weightType, weightsOf(variables), variables);
      const given = { name: 'g', inputs: [rows], outputs };
      const rounded = toOnnx({ ...given, weights: stored });
      const batch = { data: numbers(48), rowCount: 3, width: 16 };
      const model = await openNative(rounded);
      const { y: expected } = await model.run(batch);
      await model.release();
      const narrow = toOnnx({ ...given, weights: weightsOf(variables), weightType });
      const size = variables.reduce((sum, { initial, shape }) => {
        return sum + initial.length * (shape.length === 1 ? 4 : bytes);
      }, 0);
      expect(narrow.length).toBeLessThan(size + 2200);
      for (const open of [openNative, openWasm]) {
        const session = await open(narrow);
        const { y } = await session.run(batch);
        await session.release();
        expect(y).toHaveLength(expected!.length);
        const scale = expected!.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        let difference = 0;
        for (let i = 0; i < y!.length; i++)
          difference = Math.max(difference, Math.abs(y![i]! - expected![i]!));
        expect(difference / scale).toBeLessThan(1e-6);
      }
    },
  );

  it('differ from the originals by less than a step of their slice, and not at all in vectors', () => {
    const variables = [small, table, bias];
    const stored = storedWeights(weightType, weightsOf(variables), variables);
    for (const { name, shape, initial } of variables) {
      const width = shape.at(-1)!;
      const values = stored.get(name)!;
      const largest = (slice: Float32Array) =>
        slice.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
      const alongRows = Array.from(initial, (_, i) =>
        largest(initial.subarray(i - (i % width), i - (i % width) + width)),
      );
      const alongColumns = Array.from(initial, (_, i) =>
        largest(initial.filter((__, j) => j % width === i % width)),
      );
      const within = (of: readonly number[]) =>
        values.every((value, i) => Math.abs(value - initial[i]!) <= of[i]! * step + 1e-7);
      if (shape.length === 1) expect(values).toEqual(initial);
      else expect(within(alongRows) || within(alongColumns)).toBe(true);
    }
  });

  it('are read back as stored in the graph, and storing them again gives the same bytes', () => {
    const variables = [small, table, bias, transposed];
    const outputs = { y: gemm(rows, small, { bias }), z: gemm(gemm(rows, table, { transB: true }), table) };
    const inputs = [rows];
    const both = { ...outputs, t: gemm(rows, transposed, { transB: true }) };
    const write = (weights: ReadonlyMap<string, Float32Array>) =>
      toOnnx({ name: 'g', inputs, outputs: both, weights, weightType });
    const once = write(weightsOf(variables));
    const read = new Map(readWeights(ModelProto.decode(once).graph!.initializer!));
    const stored = storedWeights(weightType, weightsOf(variables), variables);
    expect([...read.keys()].sort()).toEqual([...stored.keys()].sort());
    for (const [name, values] of stored) expect(read.get(name)).toEqual(values);
    expect(write(read)).toEqual(once);
  });

  it('are the only values stored so: constants and vectors do not change', () => {
    const still = constant({ dtype: 'float32', shape: [10, 10], data: numbers(100) });
    const outputs = { y: gemm(gemm(rows, small, { bias }), still) };
    const weights = weightsOf([small, bias]);
    const { initializer } = ModelProto.decode(
      toOnnx({ name: 'g', inputs: [rows], outputs, weights, weightType }),
    ).graph!;
    const type = WEIGHT_TYPES[weightType]?.dataType ?? 1;
    const large = initializer!.filter(
      ({ dims }) => dims!.length > 1 && dims!.every((size) => Number(size) > 1),
    );
    expect(large.map(({ dataType }) => dataType)).toEqual([1, type]);
    expect(initializer!.find(({ name }) => name === 'bias')!.dataType).toBe(1);
  });
});

it('float16 names the weight that it cannot represent', () => {
  const weights = new Map([['small', small.initial.with(4, -70_000)]]);
  const outputs = { y: gemm(rows, small) };
  expect(() => toOnnx({ name: 'g', inputs: [rows], outputs, weights, weightType: 'float16' })).toThrow(
    /weight 'small': .* up to 65504, received -70000; set weightType to float32/,
  );
});

it('int8 holds zeros, the smallest numbers and the largest', () => {
  const values = Float32Array.of(
    ...new Array(8).fill(0),
    ...new Array(8).fill(1e-44),
    ...new Array(8).fill(-3e38),
  );
  const weight = variable('w', [3, 8], values);
  const stored = storedWeights('int8', new Map([['w', values]]), [weight]).get('w')!;
  expect(stored.subarray(0, 8).every((value) => value === 0)).toBe(true);
  expect(stored.subarray(8, 16).every((value) => Math.abs(value) < 1e-40)).toBe(true);
  expect(stored.subarray(16).every((value) => Math.abs(value / -3e38 - 1) < 1e-4)).toBe(true);
});
