/** Every member of the ensemble against its definition, written out in plain numbers. */
import { describe, expect, it } from 'vitest';
import type { MemberName } from '../../../shared/figureNames.ts';
import { random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { openNative, openWasm } from '../../../training/engines/inference.ts';
import { toOnnx } from '../../../training/graph/onnx.ts';
import type { Input } from '../../../training/graph/types.ts';
import { input } from '../../../training/graph/value.ts';
import type { FittedMember } from '../../../training/scoring/member.ts';
import { MEMBERS } from '../../../training/scoring/registry.ts';
import type { ColumnGroup, RowView } from '../../../training/scoring/rowView.ts';

const WIDTH = 5;
/** Two numbers and a one-hot column of three categories, of which the last never occurs. */
const GROUPS: readonly ColumnGroup[] = [
  { positions: [0], oneHot: false },
  { positions: [1], oneHot: false },
  { positions: [2, 3, 4], oneHot: true },
];
const CENTRE = Float32Array.of(0, 0, 0.75, 0.25, 0);
const FACTOR = Float32Array.of(1, 1, 1.6, 1.6, 1.6);

function rowsOf(count: number, stream: string): RowView<Matrix> {
  const source = random(4, stream);
  const matrix = (of: (column: number, first: boolean) => number): Matrix => ({
    data: Float32Array.from({ length: count * WIDTH }, (_, i) => of(i % WIDTH, (i / WIDTH) % 4 < 3)),
    rowCount: count,
    width: WIDTH,
  });
  const scaled = matrix((column, first) => {
    if (column < 2) return 4 * (source.uniform() + source.uniform() + source.uniform()) - 6;
    const value = column === 4 ? 0 : Number((column === 2) === first);
    return (value - CENTRE[column]!) * FACTOR[column]!;
  });
  const part = () => matrix((column) => (column === 4 ? 0 : 0.1 + source.uniform()));
  return { scaled, residual: part(), unexplained: part() };
}

const TRAIN = rowsOf(320, 'train');
const UNSEEN = rowsOf(60, 'unseen');
// Far away in both numbers, and of a category that no training row has.
UNSEEN.scaled.data.set([30, -30], 0);
UNSEEN.scaled.data.set(
  [0, 0, 1].map((value, i) => (value - CENTRE[i + 2]!) * FACTOR[i + 2]!),
  WIDTH + 2,
);

const valuesOf = ({ data }: Matrix, row: number) => Array.from(data.subarray(row * WIDTH, (row + 1) * WIDTH));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Squares of a row over their mean in the training rows; the values of the category together. */
function sharesOf(train: Matrix, of: Matrix, row: number): number[] {
  const squares = (matrix: Matrix, at: number) => valuesOf(matrix, at).map((value) => value ** 2);
  const all = Array.from({ length: 320 }, (_, at) => squares(train, at));
  const typical = [0, 1, 2, 3, 4].map((c) => sum(all.map((each) => each[c]!)) / 320);
  const [a, b, ...one] = squares(of, row);
  return [a! / typical[0]!, b! / typical[1]!, sum(one) / sum(typical.slice(2))];
}

/** The expected score of a row of `view`, as a function of the row's index. */
const EXPECTED: Readonly<Partial<Record<MemberName, (view: RowView<Matrix>, row: number) => number>>> = {
  deviation: ({ scaled }, row) => {
    const [a, b, ...one] = valuesOf(scaled, row).map((value) => value ** 2);
    return sum([a!, b!, sum(one)].map((square) => Math.log(1 + square))) / 3;
  },
  neighbours: ({ scaled }, row) => {
    const compressed = (values: number[]) => values.map((v) => Math.sign(v) * Math.log1p(Math.abs(v)));
    const own = compressed(valuesOf(scaled, row));
    const distances = Array.from({ length: 320 }, (_, other) => {
      const values = compressed(valuesOf(TRAIN.scaled, other));
      return Math.hypot(...values.map((value, i) => value - own[i]!));
    });
    return distances.sort((a, b) => a - b)[9]!;
  },
  components: ({ unexplained }, row) => {
    const shares = sharesOf(TRAIN.unexplained, unexplained, row);
    return sum(shares.map((share) => Math.log(1 + share))) / 3;
  },
  joint: (view, row) => {
    const reconstruction = (of: RowView<Matrix>): Matrix => ({
      ...of.scaled,
      data: of.scaled.data.map((value, i) => value - of.residual.data[i]! - means[i % WIDTH]!),
    });
    const means = [0, 1, 2, 3, 4].map((c) => {
      const own = Array.from({ length: 320 }, (_, at) =>
        [TRAIN.scaled, TRAIN.residual].map((of) => valuesOf(of, at)[c]!),
      );
      return sum(own.map(([value, residual]) => value! - residual!)) / 320;
    });
    const residuals = sharesOf(TRAIN.residual, view.residual, row);
    const reconstructions = sharesOf(reconstruction(TRAIN), reconstruction(view), row);
    return sum([...residuals, ...reconstructions].map((share) => Math.log(1 + share))) / 3;
  },
  rarity: ({ scaled }, row) => {
    const numbers = [0, 1].map((c) => {
      const values = Array.from({ length: 320 }, (_, at) => valuesOf(TRAIN.scaled, at)[c]!);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const width = (high - low) / 10;
      const counts = new Array<number>(10).fill(0);
      for (const value of values) counts[Math.min(9, Math.floor((value - low) / width))]!++;
      const value = valuesOf(scaled, row)[c]!;
      const bin = Math.floor((value - low) / width);
      const count = bin < -1 || bin > 10 ? 0 : counts[Math.min(9, Math.max(0, bin))]!;
      const density = (of: number) => of / 320 / width + 0.1;
      return Math.log(density(Math.max(...counts)) / density(count));
    });
    const category = valuesOf(scaled, row)
      .slice(2)
      .findIndex((value, i) => value / FACTOR[i + 2]! + CENTRE[i + 2]! > 0.5);
    return sum(numbers) + Math.log(0.752 / ([0.75, 0.25, 0][category]! + 0.002));
  },
};

async function scoresOf({ score }: Pick<FittedMember, 'score'>, view: RowView<Matrix>, open = openNative) {
  const [scaled, residual, unexplained] = (['scaled', 'residual', 'unexplained'] as const).map((name) =>
    input(name, ['N', WIDTH]),
  ) as [Input, Input, Input];
  // All of them are inputs, even if a member sees only one.
  const graph = toOnnx({
    name: 'member',
    inputs: [scaled, residual, unexplained],
    outputs: { score: score({ scaled, residual, unexplained }) },
  });
  const model = await open(graph);
  const tensor = ({ data, rowCount, width }: Matrix) => ({
    ...{ dtype: 'float32' as const, data: data as Float32Array<ArrayBuffer>, shape: [rowCount, width] },
  });
  const outputs = await model.runTensors({
    ...{ scaled: tensor(view.scaled), residual: tensor(view.residual) },
    unexplained: tensor(view.unexplained),
  });
  await model.release();
  return Array.from(outputs.score!.data, Number);
}

const OPTIONS = { groups: GROUPS, centre: CENTRE, factor: FACTOR, seed: 1 };

describe.each(Object.entries(MEMBERS))('the member %s', (name, member) => {
  const fitted = member.fit(TRAIN, OPTIONS);

  it('scores rows as it is defined, alike in WASM', async () => {
    const scores = await scoresOf(fitted, UNSEEN);
    const expected = EXPECTED[name as MemberName];
    scores.forEach((score, row) => {
      if (expected !== undefined) expect(score).toBeCloseTo(expected(UNSEEN, row), 3);
    });
    const wasm = await scoresOf(fitted, UNSEEN, openWasm);
    wasm.forEach((score, row) => {
      expect(score).toBeCloseTo(scores[row]!, 4);
    });
  });

  it('depends on its training rows, not on chance', async () => {
    expect(await scoresOf(member.fit(TRAIN, OPTIONS), UNSEEN)).toEqual(await scoresOf(fitted, UNSEEN));
  });

  it('is described', () => {
    expect(member.summary).toMatch(/^[a-z].*[^.]$/);
  });
});

it('the forest ranks a row far away first', async () => {
  const scores = await scoresOf(MEMBERS.forest.fit(TRAIN, OPTIONS), UNSEEN);
  expect(scores[0]).toBe(Math.max(...scores));
});

it('a row that neighbours keep is not its own neighbour', async () => {
  const { score, withoutThemselves } = MEMBERS.neighbours.fit(TRAIN, OPTIONS);
  const with_ = await scoresOf({ score }, TRAIN);
  const without = await scoresOf(withoutThemselves!, TRAIN);
  expect(withoutThemselves!.rows).toHaveLength(320);
  const distances = Array.from({ length: 320 }, (_, other) => EXPECTED.neighbours!(TRAIN, other));
  with_.forEach((own, row) => {
    expect(own).toBeCloseTo(distances[row]!, 3);
    expect(without[row]!).toBeGreaterThanOrEqual(own);
  });
});

it.each([3, 7, 11, 0.37])('rarity knows every value of integers in units of %s', async (unit) => {
  // Values lie on the edges of bins, where rounding decides.
  const column = (value: number) => Math.fround(Math.fround(value) * Math.fround(1 / unit));
  const data = Float32Array.from({ length: 400 }, (_, i) => column(i % 21));
  const zeros = { data: new Float32Array(400), rowCount: 400, width: 1 };
  const train = { scaled: { data, rowCount: 400, width: 1 }, residual: zeros, unexplained: zeros };
  const scaling = { groups: [{ positions: [0], oneHot: false }], centre: Float32Array.of(0) };
  const { score } = MEMBERS.rarity.fit(train, { ...scaling, factor: Float32Array.of(1), seed: 1 });
  const rows = input('scaled', ['N', 1]);
  const model = await openNative(
    toOnnx({
      name: 'rarity',
      inputs: [rows],
      outputs: { score: score({ scaled: rows, residual: rows, unexplained: rows }) },
    }),
  );
  const known = (await model.run(train.scaled)).score!;
  const unseen = (await model.run({ data: Float32Array.of(column(50)), rowCount: 1, width: 1 })).score!;
  await model.release();
  // No value is in a bin that is empty: each holds one of the 21 values at least.
  const width = column(20) / 10;
  const gain = Math.log((1 / 21 / width + 0.1) / 0.1);
  for (const surprise of known) expect(surprise).toBeLessThan(unseen[0]! - 0.95 * gain);
});
