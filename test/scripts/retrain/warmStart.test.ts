import { describe, expect, it } from 'vitest';
import type { StoredArtifact } from '../../../scripts/retrain/stored.ts';
import { warmStart } from '../../../scripts/retrain/warmStart.ts';
import { InputError } from '../../../shared/errors.ts';
import { restoreModel } from '../../../training/artifact/restoreModel.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { columnsOf } from '../../../training/data/entries.ts';
import { fromItemLists } from '../../../training/data/interactions.ts';
import { randomSplit } from '../../../training/data/splits.ts';
import type { Table } from '../../../training/data/table.ts';
import { outputsOf } from '../../../training/evaluate/outputs.ts';
import { tableDataset } from '../../../training/preprocess/dataset.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';
import { train } from '../../../training/train.ts';
import { keptFolder, tastes } from '../../support/data/data.ts';
import { deliveries, texts } from '../../support/data/nights/schemas.ts';

const out = keptFolder();
const night = deliveries.night(1, 400, 1);
const parts = randomSplit(night, { validation: 0.2, test: 0.2 }, 1);
const withChannel = (of: (row: number, own: string) => string): Table => ({
  ...night,
  columns: night.columns.map((column) => {
    if (column.name !== 'channel' || column.type !== 'category') return column;
    return texts(
      'channel',
      Array.from(column.codes, (code, row) => of(row, column.categories[code]!)),
    );
  }),
});
const settings = { hidden: [8], codeSize: 2, epochs: 5 };
const champion = await train({
  force: true, // trained too briefly to beat the mean
  name: 'shop',
  data: tableDataset(night, { parts }),
  settings,
  out,
});
const stored: StoredArtifact = { ...champion.artifact, answers: undefined, profile: undefined };

/** A model that starts from the champion's weights and learns nothing. */
async function started(data: Dataset, others = {}) {
  const own = { ...settings, ...others };
  const initial = await warmStart(
    stored,
    { recipe: RECIPES.tabular, engine: 'onnxruntime', splitSeed: 1, data, settings: own },
    1,
  );
  const still = { ...own, epochs: 1, learningRate: 1e-12 };
  return (await train({ force: true, name: 'warm', data, settings: still, initial, out })).artifact;
}

async function codes(artifact: Pick<StoredArtifact, 'manifest' | 'graphs'>, data: Dataset) {
  const { code } = await outputsOf(artifact.graphs.encoder!, data.preprocessing!);
  return code!;
}

describe('a warm start', () => {
  it('has the weights of each feature where the feature is now', async () => {
    // A new category comes before all others, and every tenth row has it.
    const next = withChannel((row, own) => (row % 10 === 0 ? 'agent' : own));
    const data = tableDataset(next, { parts });
    const warm = await started(data);
    expect(warm.manifest.features.columns![0]!.categories).toContain('agent');
    const [old, now] = [await codes(stored, tableDataset(night, { parts })), await codes(warm, data)];
    for (let row = 0; row < 400; row++) {
      if (row % 10 === 0) continue;
      for (const i of [0, 1]) expect(now[2 * row + i]).toBeCloseTo(old[2 * row + i]!, 4);
    }
  });

  it('matches features by name although their number is the same', async () => {
    // `app` is gone, and `agent` has come: the other categories keep their places by chance alone.
    const next = withChannel((_, own) => (own === 'app' ? 'zeppelin' : own));
    const data = tableDataset(next, { parts });
    const [old, now] = [
      await codes(stored, tableDataset(night, { parts })),
      await codes(await started(data), data),
    ];
    const column = night.columns.find(({ name }) => name === 'channel')!;
    let compared = 0;
    for (let row = 0; row < 400; row++) {
      if (column.type === 'category' && column.categories[column.codes[row]!] === 'app') continue;
      compared++;
      for (const i of [0, 1]) expect(now[2 * row + i]).toBeCloseTo(old[2 * row + i]!, 4);
    }
    expect(compared).toBeGreaterThan(100);
  });

  it('maps the items of a recommender by id', async () => {
    const users = tastes(120);
    const names = Array.from({ length: users.rows.width }, (_, item) => `item ${item}`);
    const options = { variant: 'recommender' as const, settings: { hidden: [8], codeSize: 4, epochs: 2 } };
    const known = { ...users, featureNames: names };
    const { artifact } = await train({ force: true, name: 'films', data: known, ...options, out });
    const lists = Array.from({ length: users.rows.rowCount }, (_, row) =>
      columnsOf(users.rows, row).map((item) => names.length - item),
    );
    // Backwards, and after a new one.
    const turned = fromItemLists(lists, ['new', ...names.toReversed()]);
    const { weights } = await warmStart(
      { ...artifact, answers: undefined, profile: undefined },
      {
        recipe: { ...RECIPES.recommend, ...options },
        engine: 'onnxruntime',
        splitSeed: 1,
        data: turned,
        settings: options.settings,
      },
      1,
    );
    const old = restoreModel(artifact).weights.get('decoder/dense_1/bias')!;
    const now = weights.get('decoder/dense_1/bias')!;
    expect(Array.from(now.subarray(1))).toEqual(Array.from(old).toReversed());
    expect(now[0]).toBe(0);
    const encoder = (of: typeof weights) => of.get('encoder/items/weight')!;
    const [before, after] = [encoder(restoreModel(artifact).weights), encoder(weights)];
    const count = names.length;
    for (let unit = 0; unit < 8; unit++)
      for (let item = 0; item < count; item++)
        expect(after[unit * (count + 1) + count - item]).toBe(before[unit * count + item]);
  });

  it.each([null, 8])(
    'begins with what ELSA has learned of items that were moved and joined, nonZeros=%s',
    async (nonZeros) => {
      const users = tastes(400, 15);
      const own = { codeSize: 128, nonZeros, batchSize: 40, learningRate: 0.01 };
      const { artifact, fit } = await train({
        ...{ force: true, name: 'catalogue', variant: 'elsa', data: users, out },
        settings: { ...own, epochs: 40 },
      });
      const names = users.featureNames!;
      const last = names.length - 1;
      const lists = Array.from({ length: users.rows.rowCount }, (_, row) =>
        columnsOf(users.rows, row).map((item) => 2 + last - item),
      );
      const data = fromItemLists(lists, ['new', 'newer', ...names.toReversed()]);
      const settings = { ...own, epochs: 1, learningRate: 1e-12 };
      const initial = await warmStart(
        { ...artifact, answers: undefined, profile: undefined },
        {
          recipe: { ...RECIPES.recommend, variant: 'elsa' },
          engine: 'onnxruntime',
          splitSeed: 1,
          data,
          settings,
        },
        1,
      );
      const lossFrom = async (start: object) => {
        const run = await train({
          force: true,
          name: 'warm',
          variant: 'elsa',
          data,
          settings,
          out,
          ...start,
        });
        return run.fit.history[0]!.validation.loss;
      };
      const [warm, fresh] = [await lossFrom({ initial }), await lossFrom({})];
      const learned = fit.history[fit.bestEpoch - 1]!.validation.loss;
      // Which of a user's items evaluation holds out depends on their places.
      expect(Math.abs(warm - learned)).toBeLessThan(0.2 * (fresh - learned));
      expect(fresh).toBeGreaterThan(1.5 * learned);
    },
  );

  it('is refused for another architecture, with the reason', async () => {
    const data = tableDataset(night, { parts });
    await expect(started(data, { hidden: [9] })).rejects.toThrow(
      /shop@\w+: expected \d+ weights for .*other settings/,
    );
    await expect(started(data, { hidden: [9] })).rejects.toThrow(InputError);
  });
});
