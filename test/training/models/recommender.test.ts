import { describe, expect, it } from 'vitest';
import { type ExportedGraphs, exportGraphs } from '../../../training/artifact/exportGraphs.ts';
import { batches } from '../../../training/data/batches.ts';
import { openNative } from '../../../training/engines/inference.ts';
import { ENGINES } from '../../../training/engines/registry.ts';
import { programOf } from '../../../training/fitting/program.ts';
import { variablesOf } from '../../../training/graph/traverse.ts';
import { input } from '../../../training/graph/value.ts';
import { evaluationContext } from '../../../training/layers/layer.ts';
import { recommender } from '../../../training/models/recommender.ts';
import { OPTIMIZERS } from '../../../training/optimizers/registry.ts';
import { tastes } from '../../support/data/data.ts';
import { at } from '../../support/training/programs.ts';

const ITEMS = 30;
const { rows } = tastes(40);

function build(settings: object = {}) {
  const config = recommender.config.parse({ hidden: [8], codeSize: 4, ...settings });
  return recommender.build(config, ITEMS, 1);
}

const model = build();
const variables = variablesOf([model.step(input('rows', ['N', ITEMS]), evaluationContext()).loss]);
// Biases start at 0, where it would not show if they were left out.
const weights = new Map(
  variables.map(({ name, initial }) => {
    return [name, initial.map((value, i) => value + 0.3 * Math.sin(i))] as const;
  }),
);

/** Scores of every item by encoder and decoder, as log-probabilities. */
async function scoresOf(graphs: ExportedGraphs, ids: readonly number[]): Promise<number[]> {
  const row = Float32Array.from({ length: ITEMS }, (_, item) => (ids.includes(item) ? 1 : 0));
  const encoder = await openNative(graphs.encoder.model);
  const { mean } = await encoder.run({ data: row, rowCount: 1, width: ITEMS });
  const decoder = await openNative(graphs.decoder.model);
  const { reconstruction } = await decoder.run({ data: mean!, rowCount: 1, width: mean!.length });
  return Array.from(reconstruction!, Math.log);
}

type Lists = readonly (readonly number[])[];

async function recommend(
  graphs: ExportedGraphs,
  lists: Lists,
  k: number,
  { excluded = lists, allowed = lists.map(() => [-1]) }: { excluded?: Lists; allowed?: Lists } = {},
) {
  const session = await openNative(graphs.recommend!.model);
  const tensor = (rows: Lists) =>
    ({
      dtype: 'int64',
      shape: [rows.length, rows[0]!.length],
      data: BigInt64Array.from(rows.flat(), BigInt),
    }) as const;
  const { recommended, scores } = await session.runTensors({
    items: tensor(lists),
    excluded: tensor(excluded),
    allowed: tensor(allowed),
    k: { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(k)) },
  });
  await session.release();
  const rowsOf = (values: Iterable<number | bigint>) => {
    const all = Array.from(values, Number);
    return lists.map((_, i) => all.slice(i * k, (i + 1) * k));
  };
  return { recommended: rowsOf(recommended!.data), scores: rowsOf(scores!.data) };
}

const graphs = await exportGraphs(model, ITEMS, weights);

describe('recommend.onnx', () => {
  it('says what it takes and gives', () => {
    expect(graphs.recommend).toMatchObject({
      inputs: [
        { name: 'items', dtype: 'int64', shape: ['N', 'L'] },
        { name: 'excluded', dtype: 'int64', shape: ['N', 'M'] },
        { name: 'allowed', dtype: 'int64', shape: ['N', 'A'] },
        { name: 'k', dtype: 'int64', shape: [1] },
      ],
      outputs: [
        { name: 'recommended', dtype: 'int64', shape: ['N', 'K'] },
        { name: 'scores', dtype: 'float32', shape: ['N', 'K'] },
      ],
    });
  });

  it.each([[[3, 17, 29]], [[0]], [[29, 4, 8, 15, 16, 23]]])(
    'ranks what encoder and decoder find most likely, without the items given: %j',
    async (ids) => {
      const expected = await scoresOf(graphs, ids);
      const order = expected.map((_, item) => item).filter((item) => !ids.includes(item));
      order.sort((a, b) => expected[b]! - expected[a]!);
      const { recommended, scores } = await recommend(graphs, [ids], 7);
      expect(recommended[0]).toEqual(order.slice(0, 7));
      // Scores are log-probabilities up to a constant.
      const shift = scores[0]![0]! - expected[order[0]!]!;
      for (const [i, score] of scores[0]!.entries())
        expect(score - shift).toBeCloseTo(expected[order[i]!]!, 4);
    },
  );

  it('gives users of one request what each would get alone, -1 filling up the shorter lists', async () => {
    const [short, long] = [
      [5, -1, -1],
      [1, 2, 29],
    ];
    const together = await recommend(graphs, [short, long], 4);
    const alone = [await recommend(graphs, [[5]], 4), await recommend(graphs, [long], 4)];
    expect(together.recommended).toEqual(alone.flatMap(({ recommended }) => recommended));
    together.scores.flat().forEach((score, i) => {
      expect(score).toBeCloseTo(alone.flatMap(({ scores }) => scores).flat()[i]!, 5);
    });
  });

  it('leaves out what is excluded, and of rows that name what is allowed all else', async () => {
    const had = [
      [3, 17],
      [3, 17],
    ];
    const whole = (await recommend(graphs, had, ITEMS, { excluded: [[-1], [-1]] })).recommended[0]!;
    expect(whole.toSorted((a, b) => a - b)).toEqual(Array.from({ length: ITEMS }, (_, item) => item));
    const [first, second, ...others] = whole as [number, number, ...number[]];
    const { recommended } = await recommend(graphs, had, 5, {
      excluded: [
        [first, second],
        [first, -1],
      ],
      allowed: [
        [-1, -1, -1],
        [others[7]!, first, second],
      ],
    });
    expect(recommended).toEqual([others.slice(0, 5), [second, others[7]!, -1, -1, -1]]);
  });

  it('answers -1 where nothing is left to recommend, and something to a user without items', async () => {
    const all = Array.from({ length: ITEMS }, (_, item) => item);
    const { recommended } = await recommend(graphs, [all.slice(2)], ITEMS);
    expect(recommended[0]!.slice(0, 2).sort()).toEqual([0, 1]);
    expect(recommended[0]!.slice(2)).toEqual(Array(ITEMS - 2).fill(-1));
    const { recommended: fresh } = await recommend(graphs, [[-1]], ITEMS);
    expect(fresh[0]!.toSorted((a, b) => a - b)).toEqual(all);
  });
});

describe('similar.onnx', () => {
  /** Of two items: between their columns in the decoder's last weight, `[8, items]`. */
  function cosine(a: number, b: number): number {
    const weight = weights.get('decoder/dense_1/weight')!;
    const column = (item: number) => Array.from({ length: 8 }, (_, unit) => weight[unit * ITEMS + item]!);
    const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, v, i) => sum + v * y[i]!, 0);
    const [x, y] = [column(a), column(b)];
    return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  }

  async function similar(items: readonly number[], k: number) {
    const session = await openNative(graphs.similar!.model);
    const answers = await session.runTensors({
      items: { dtype: 'int64', shape: [items.length], data: BigInt64Array.from(items, BigInt) },
      k: { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(k)) },
    });
    await session.release();
    const rowsOf = (values: Iterable<number | bigint>) => {
      const all = Array.from(values, Number);
      return items.map((_, i) => all.slice(i * k, (i + 1) * k));
    };
    return { similar: rowsOf(answers.similar!.data), scores: rowsOf(answers.scores!.data) };
  }

  it('says what it takes and gives', () => {
    expect(graphs.similar).toMatchObject({
      inputs: [
        { name: 'items', dtype: 'int64', shape: ['N'] },
        { name: 'k', dtype: 'int64', shape: [1] },
      ],
      outputs: [
        { name: 'similar', dtype: 'int64', shape: ['N', 'K'] },
        { name: 'scores', dtype: 'float32', shape: ['N', 'K'] },
        { name: 'vectors', dtype: 'float32', shape: ['N', 8] },
      ],
    });
  });

  it('ranks the other items by the cosine of the angle between their weights', async () => {
    const items = [0, 17, 29, 17];
    const answers = await similar(items, 7);
    items.forEach((item, i) => {
      const others = Array.from({ length: ITEMS }, (_, other) => other).filter((other) => other !== item);
      others.sort((a, b) => cosine(item, b) - cosine(item, a));
      expect(answers.similar[i]).toEqual(others.slice(0, 7));
      for (const [rank, score] of answers.scores[i]!.entries())
        expect(score).toBeCloseTo(cosine(item, others[rank]!), 5);
    });
  });

  it('answers -1 in place of the item itself, after all others', async () => {
    const { similar: ranked, scores } = await similar([4], ITEMS);
    expect(ranked[0]!.at(-1)).toBe(-1);
    expect(scores[0]!.at(-1)).toBe(-2);
    expect(ranked[0]!.slice(0, -1).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: ITEMS }, (_, item) => item).filter((item) => item !== 4),
    );
  });
});

describe.each(['mult-dae', 'mult-vae'])('%s', (kind) => {
  it('takes the same steps in both engines, and holds out the same items whenever it is evaluated', async () => {
    const adam = OPTIMIZERS.adam.create(OPTIMIZERS.adam.config.parse({ learningRate: 1e-2 }));
    const program = programOf(build({ kind }), ITEMS, adam, 1);
    const losses = Object.values(ENGINES).map(async (engine) => {
      const session = await engine(program, {});
      const steps: number[] = [];
      for (const batch of batches(rows, 16))
        steps.push((await session.train(batch, at(steps.length)))[0]!.loss);
      const [first] = batches(rows, 16);
      const evaluated = [await session.evaluate(first!, 0), await session.evaluate(first!, 0)];
      await session.dispose();
      expect(evaluated[0]).toEqual(evaluated[1]);
      return [...steps, evaluated[0]!.loss];
    });
    const [ours, theirs] = await Promise.all(losses);
    expect(ours).toEqual(theirs!.map((loss) => expect.closeTo(loss, 3)));
  });
});

it('a Mult-VAE needs a hidden layer for its code to be a Gaussian of', () => {
  expect(() => build({ hidden: [] })).toThrow(/'hidden': expected at least one hidden layer with kind/);
});
