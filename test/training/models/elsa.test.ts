/** ELSA against x (A A' - I), computed with loops. */
import { expect, it } from 'vitest';
import { exportGraphs } from '../../../training/artifact/exportGraphs.ts';
import { openNative } from '../../../training/engines/inference.ts';
import { variablesOf } from '../../../training/graph/traverse.ts';
import { input } from '../../../training/graph/value.ts';
import { evaluationContext } from '../../../training/layers/layer.ts';
import { elsa } from '../../../training/models/elsa.ts';

const ITEMS = 12;
const CODE = 3;
const model = elsa.build(elsa.config.parse({ codeSize: CODE }), ITEMS, 1);
const { name, initial } = variablesOf([
  model.step(input('rows', ['N', ITEMS]), evaluationContext()).loss,
])[0]!;
const graphs = await exportGraphs(model, ITEMS, new Map([[name, initial]]));

/** The rows of A, of length 1. */
const DIRECTIONS = Array.from({ length: ITEMS }, (_, item) => {
  const own = Array.from({ length: CODE }, (_, unit) => initial[unit * ITEMS + item]!);
  const length = Math.hypot(...own);
  return own.map((value) => value / length);
});
const inner = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, each, i) => sum + each * b[i]!, 0);

/** Scores of every item by f(x) = x (A A' - I) for a user with the items. */
function expectedScores(ids: readonly number[]): number[] {
  return DIRECTIONS.map((own, item) => {
    const sum = ids.reduce((total, id) => total + inner(DIRECTIONS[id]!, own), 0);
    return ids.includes(item) ? sum - 1 : sum;
  });
}

const int64 = (rows: readonly (readonly number[])[]) => ({
  dtype: 'int64' as const,
  shape: [rows.length, rows[0]!.length],
  data: BigInt64Array.from(rows.flat(), BigInt),
});

it("scores all items, the given ones too, by x (A A' - I), for lists of any length", async () => {
  const lists = [
    [2, 7, 11],
    [5, -1, -1],
    [0, 11, -1],
  ];
  const session = await openNative(graphs.recommend!.model);
  const { recommended, scores } = await session.runTensors({
    items: int64(lists),
    excluded: int64(lists.map(() => [-1])),
    allowed: int64(lists.map(() => [-1])),
    k: { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(ITEMS)) },
  });
  await session.release();
  lists.forEach((list, user) => {
    const expected = expectedScores(list.filter((id) => id >= 0));
    const at = user * ITEMS;
    const ids = Array.from(recommended!.data.slice(at, at + ITEMS) as BigInt64Array, Number);
    expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: ITEMS }, (_, item) => item));
    const found = scores!.data.slice(at, at + ITEMS) as Float32Array;
    for (const [rank, id] of ids.entries()) expect(found[rank]).toBeCloseTo(expected[id]!, 5);
    expect([...found]).toEqual([...found].toSorted((a, b) => b - a));
  });
});

it('encodes a user as the sum of the directions of their items, and decodes a code to the direction of its scores', async () => {
  const row = Float32Array.from({ length: ITEMS }, (_, item) => (item === 2 || item === 7 ? 1 : 0));
  const encoder = await openNative(graphs.encoder.model);
  const { code } = await encoder.run({ data: row, rowCount: 1, width: ITEMS });
  for (const [unit, value] of DIRECTIONS[2]!.entries())
    expect(code![unit]).toBeCloseTo(value + DIRECTIONS[7]![unit]!, 6);
  const decoder = await openNative(graphs.decoder.model);
  const { reconstruction } = await decoder.run({ data: code!, rowCount: 1, width: CODE });
  const scores = DIRECTIONS.map((own) => inner(own, [...code!]));
  for (const [item, score] of scores.entries())
    expect(reconstruction![item]).toBeCloseTo(score / Math.hypot(...scores), 5);
  await Promise.all([encoder.release(), decoder.release()]);
});

it('recommends by directions of which only the largest values are left', async () => {
  const [kept, code] = [2, 6];
  const sparse = elsa.build(elsa.config.parse({ codeSize: code, nonZeros: kept }), ITEMS, 1);
  const step = sparse.step(input('rows', ['N', ITEMS]), evaluationContext());
  const { name, initial } = variablesOf([step.loss])[0]!;
  const columns = Array.from({ length: ITEMS }, (_, item) => {
    const own = Array.from({ length: code }, (_, unit) => initial[unit * ITEMS + item]!);
    const least = own.map(Math.abs).sort((a, b) => b - a)[kept - 1]!;
    const left = own.map((value) => (Math.abs(value) >= least ? value : 0));
    return left.map((value) => value / Math.hypot(...left));
  });
  const { recommend } = await exportGraphs(sparse, ITEMS, new Map([[name, initial]]));
  const session = await openNative(recommend!.model);
  const { recommended, scores } = await session.runTensors({
    ...{ items: int64([[4]]), excluded: int64([[4]]), allowed: int64([[-1]]) },
    k: { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(ITEMS - 1)) },
  });
  await session.release();
  Array.from(recommended!.data as BigInt64Array, Number).forEach((item, rank) => {
    expect(scores!.data[rank]).toBeCloseTo(inner(columns[4]!, columns[item]!), 5);
  });
});

it('refuses to keep more values than a direction has', () => {
  const config = elsa.config.parse({ codeSize: 4, nonZeros: 5 });
  expect(() => elsa.build(config, ITEMS, 1)).toThrow(
    /'nonZeros': expected at most codeSize \(4\), received 5/,
  );
});
