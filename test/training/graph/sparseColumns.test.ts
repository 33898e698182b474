/** Matrices stored by the values of their columns, against the same matrices stored whole. */
import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { openNative, openWasm } from '../../../training/engines/inference.ts';
import { toOnnx } from '../../../training/graph/onnx.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { gather } from '../../../training/graph/ops/gather.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import { ModelProto } from '../../../training/graph/schema.ts';
import type { Value, Variable } from '../../../training/graph/types.ts';
import { constant, input, variable } from '../../../training/graph/value.ts';
import { readWeights, WEIGHT_TYPES, type WeightType } from '../../../training/graph/weights/weightTypes.ts';

const source = random(4, 'sparse');
const ROWS = 40;
const PER_COLUMN = 8;

/** Columns with at most `PER_COLUMN` values other than 0, the last one with none. */
function sparseMatrix(name: string, columns: number, rows = ROWS): Variable {
  const values = new Float32Array(rows * columns);
  for (let column = 0; column < columns - 1; column++) {
    for (let i = 0; i < PER_COLUMN; i++)
      values[Math.floor(source.uniform() * rows) * columns + column] = source.uniform() - 0.5;
  }
  return variable(name, [rows, columns], values);
}

const small = sparseMatrix('small', 700);
const tall = sparseMatrix('tall', 700, 300); // positions of two bytes
const large = sparseMatrix('large', 60_001); // three blocks, the last of which overlaps
const even = sparseMatrix('even', 60_000);
const bias = variable('bias', [60_001], new Float32Array(60_001).fill(0.25));
const PICKED = [0, 699, 3, 1];
const ids = constant({ dtype: 'int64', shape: [2, 2], data: BigInt64Array.from(PICKED, BigInt) });

type Row = readonly number[];
/** The value of a matrix at a row and a column. */
type At = (row: number, column: number) => number;

interface SparseCase {
  readonly weight: Variable;
  readonly width: number;
  readonly graph: (rows: Value) => Value;
  /** Computes the result for a row with loops. */
  readonly expected: (row: Row, at: At) => Row;
}

const product =
  (columns: number, more = 0) =>
  (row: Row, at: At) =>
    Array.from({ length: columns }, (_, column) =>
      row.reduce((sum, value, i) => sum + value * at(i, column), more),
    );

const CASES: Readonly<Record<string, SparseCase>> = {
  'a product': { weight: small, width: ROWS, graph: (rows) => gemm(rows, small), expected: product(700) },
  'a product with more than 256 rows': {
    ...{ weight: tall, width: 300, graph: (rows: Value) => gemm(rows, tall), expected: product(700) },
  },
  'a product with the transpose': {
    weight: small,
    width: 700,
    graph: (rows) => gemm(rows, small, { transB: true }),
    expected: (row, at) => product(ROWS)(row, (i, j) => at(j, i)),
  },
  'a large product': {
    ...{ weight: large, width: ROWS, graph: (rows: Value) => gemm(rows, large), expected: product(60_001) },
  },
  'a large product with a bias': {
    weight: large,
    width: ROWS,
    graph: (rows) => gemm(rows, large, { bias }),
    expected: product(60_001, 0.25),
  },
  'a large product in blocks without a rest': {
    ...{ weight: even, width: ROWS, graph: (rows: Value) => gemm(rows, even), expected: product(60_000) },
  },
  'columns that are picked': {
    weight: small,
    width: ROWS,
    // `[ROWS, 2, 2]`
    graph: (rows) => gemm(rows, reduceSum(gather(small, ids, 1), [1])),
    expected: (row, at) => product(2)(row, (i, j) => at(i, PICKED[j]!) + at(i, PICKED[2 + j]!)),
  },
  'columns that are picked, and a product': {
    weight: large,
    width: 2,
    graph: (rows) => gemm(gemm(rows, reduceSum(gather(large, ids, 1), [1]), { transB: true }), large),
    expected: (row, at) => {
      const picked = product(ROWS)(row, (i, j) => at(j, PICKED[i]!) + at(j, PICKED[2 + i]!));
      return product(60_001)(picked, at);
    },
  },
};

/** Most bytes of a value of a column: its position, itself, and its share of a scale. */
const BYTES: Readonly<Record<WeightType, number>> = { float32: 6, float16: 4, int8: 3.5 };
/** Largest change by storing, as a share of the largest value. */
const STEP: Readonly<Record<WeightType, number>> = { float32: 0, float16: 2 ** -11, int8: 0.501 / 127 };

describe.each(Object.keys(WEIGHT_TYPES) as WeightType[])('sparse columns as %s', (weightType) => {
  it.each(Object.entries(CASES))(
    'take their share of the bytes, and compute what they hold: %s',
    async (_, { weight, width, graph, expected }) => {
      const rows = input('rows', ['N', width]);
      const weights = new Map([weight, bias].map(({ name, initial }) => [name, initial]));
      const bytes = toOnnx({ name: 'g', inputs: [rows], outputs: { y: graph(rows) }, weights, weightType });
      const { initializer } = ModelProto.decode(bytes).graph!;
      const held = new Map(readWeights(initializer!));
      const columns = weight.shape[1]!;
      const ofBias = held.has('bias') ? bias.initial.byteLength : 0;
      expect(bytes.length - ofBias).toBeLessThan(columns * PER_COLUMN * BYTES[weightType] + 3000);

      const stored = held.get(weight.name)!;
      const largest = weight.initial.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const changes = stored.map((value, i) => Math.abs(value - weight.initial[i]!));
      expect(changes.reduce((most, each) => Math.max(most, each), 0)).toBeLessThanOrEqual(
        STEP[weightType] * largest,
      );

      const data = Float32Array.from({ length: 3 * width }, () => source.uniform() - 0.5);
      const truth = [0, 1, 2].flatMap((row) =>
        expected([...data.subarray(row * width, (row + 1) * width)], (i, j) => stored[i * columns + j]!),
      );
      for (const open of [openNative, openWasm]) {
        const session = await open(bytes);
        const { y } = await session.run({ data, rowCount: 3, width });
        await session.release();
        expect(y).toHaveLength(truth.length);
        const differences = y!.map((value, i) => Math.abs(value - truth[i]!));
        expect(differences.reduce((most, each) => Math.max(most, each), 0)).toBeLessThan(1e-5);
      }
    },
  );
});

it('stores a matrix whole if a column has too many values for it', () => {
  const dense = variable('w', small.shape, small.initial.slice());
  for (let row = 0; row < ROWS; row++) dense.initial[row * 700 + 5] = 1;
  const rows = input('rows', ['N', ROWS]);
  const outputs = { y: gemm(rows, dense) };
  const bytes = toOnnx({ name: 'g', inputs: [rows], outputs, weights: new Map([['w', dense.initial]]) });
  expect(ModelProto.decode(bytes).graph!.initializer!.map(({ name }) => name)).toEqual(['w']);
});
