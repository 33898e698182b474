import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareModels, decidingOf, isDecided } from '../../../scripts/comparing/compare.ts';
import { comparedExamples } from '../../../scripts/comparing/examples.ts';
import { type ComparedModel, readCompared } from '../../../scripts/comparing/models.ts';
import { renderComparison } from '../../../scripts/comparing/report/page.ts';
import { comparedRows } from '../../../scripts/comparing/rows.ts';
import { differingSettings } from '../../../scripts/comparing/settings.ts';
import { verdict } from '../../../scripts/comparing/verdict.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { readDataset } from '../../../training/data/read.ts';
import { mean } from '../../../training/estimators/scores.ts';
import { outputsOf } from '../../../training/evaluate/outputs.ts';
import { train } from '../../../training/train.ts';
import { curve, keptFolder, tastes } from '../../support/data/data.ts';

const ROWS = 400;
const folder = keptFolder();
const file = join(folder, 'rows.csv');
/** Models of the same rows: a good one, one that saw others of them, and one that has hardly learnt. */
const CHOSEN = { codeSize: 2, hidden: [16], epochs: 30, learningRate: 0.01, testShare: 0.3 };
const MODELS = {
  good: { seed: 1, settings: CHOSEN },
  other: { seed: 2, settings: CHOSEN },
  poor: { seed: 1, settings: { ...CHOSEN, codeSize: 1, epochs: 1, learningRate: 1e-4 } },
};
const folders: Record<string, string> = {};
const read = (...names: readonly string[]) => readCompared(names.map((name) => folders[name]!));
const options = { data: file, keepSeen: false };

beforeAll(async () => {
  const { rows } = curve(ROWS);
  const lines = Array.from({ length: ROWS }, (_, row) => rows.data.slice(6 * row, 6 * row + 6).join());
  writeFileSync(file, ['a,b,c,d,e,f', ...lines].join('\n'));
  const data = await readDataset(file);
  for (const [name, model] of Object.entries(MODELS))
    folders[name] = (await train({ force: true, name, data, ...model, out: folder })).artifact.directory;
  const users = { variant: 'recommender' as const, settings: { hidden: [6], codeSize: 2, epochs: 1 } };
  folders.shop = (
    await train({ force: true, name: 'shop', data: tastes(60), ...users, out: folder })
  ).artifact.directory;
  const wide = { name: 'wide', data: curve(40, 2), out: folder };
  folders.wide = (
    await train({ force: true, ...wide, settings: { hidden: [], codeSize: 1, epochs: 1 } })
  ).artifact.directory;
}, 60_000);

describe('compared models', () => {
  it('are measured on the same rows, none of which a model has seen', async () => {
    const models = await read('good', 'poor');
    const chosen = await comparedRows(models, options);
    const { rows, seen } = chosen;
    // 280 of 400 rows were seen; up to 6 % of the others are taken for seen.
    expect(seen).toEqual({ good: seen.poor, poor: seen.good });
    expect(seen.good).toBeGreaterThanOrEqual(280);
    expect(rows.test.rowCount).toBe(ROWS - seen.good!);
    expect(rows.test.rowCount).toBeGreaterThan(100);
    expect(chosen.notes.join()).toMatch(/of 400 rows given, \d+ are left out, .*--keep-seen uses them/);

    const [mse] = await compareModels(models, rows, 1);
    expect(mse).toMatchObject({ name: 'mse', best: 0 });
    for (const [i, { graphs }] of models.entries()) {
      const { reconstruction } = await outputsOf(graphs.autoencoder, rows.test);
      const squares = (rows.test as Matrix).data.map((value, at) => (value - reconstruction![at]!) ** 2);
      expect(mse!.values[i]).toBeCloseTo(mean([...squares]), 6);
    }
    expect(isDecided(mse!)).toBe(true);
    expect(verdict(mse!, ['good', 'poor'], rows.test.rowCount)).toMatch(
      /^good is better than poor: mean squared error .* higher \(99 % interval .* to .*\), over 1\d\d rows$/,
    );
  });

  it('leave out what either has seen, or use it and say so', async () => {
    const models = await read('good', 'other');
    const { rows } = await comparedRows(models, options);
    const few = rows.test.rowCount;
    // About 0.3 * 0.3 of the rows are in the test parts of both splits, too few to decide anything.
    expect(few).toBe(ROWS);
    const kept = await comparedRows(await read('good', 'poor'), { ...options, keepSeen: true });
    expect(kept).toMatchObject({ available: ROWS, withSeen: true });
    expect(kept.rows.test.rowCount).toBe(ROWS);
    expect(kept.notes.join()).toContain('which flatters them');
  });

  it('cannot be told apart where they are the same', async () => {
    const [good] = await read('good', 'poor');
    const twins = [good!, { ...good!, label: 'twin' }];
    const { rows } = await comparedRows(twins, options);
    const [mse] = await compareModels(twins, rows, 1);
    expect(mse!.differences[1]).toEqual({ drop: 0, low: 0, high: 0 });
    expect(verdict(mse!, ['good', 'twin'], 100)).toMatch(
      /^no difference can be told between good and twin, since the interval includes zero: /,
    );
  });

  it('differ in the settings that were chosen', async () => {
    const manifests = (await read('good', 'poor')).map(({ manifest }) => manifest);
    expect(differingSettings(manifests)).toEqual([
      { name: 'recipe', values: ['good', 'poor'] },
      { name: 'codeSize', values: ['2', '1'] },
      { name: 'epochs', values: ['30', '1'] },
      { name: 'learningRate', values: ['0.01', '0.0001'] },
    ]);
  });

  it('are drawn side by side', async () => {
    const models = await read('good', 'poor');
    const { rows, notes } = await comparedRows(models, options);
    const compared = await compareModels(models, rows, 1);
    const examples = await comparedExamples(models, rows, compared[0]!.ofRows);
    expect(examples).toHaveLength(8);
    const page = await renderComparison({
      ...{ models, compared, deciding: compared[0]!, examples, verdict: 'one <is> better', notes },
    });
    expect(page).toContain('one &lt;is&gt; better');
    for (const title of ['Metrics', 'Reconstructions', 'Training', 'Settings that differ'])
      expect(page).toContain(`>${title}</h2>`);
    const hidden = models.map((model): ComparedModel => {
      const { data } = model.manifest;
      return { ...model, manifest: { ...model.manifest, data: { ...data, withRows: false } } };
    });
    expect(await comparedExamples(hidden, rows, compared[0]!.ofRows)).toEqual([]);
  });

  it.each([
    [['good', 'good'], /received good@[0-9a-f]{12} twice/],
    [
      ['good', 'shop'],
      /expected models of one kind, received good, which reconstructs rows of numbers, and shop, which recommends/,
    ],
    [['good', 'wide'], /expected rows of one width, received 6 features and 2/],
  ])('%s are refused', async (names, message) => {
    await expect(read(...names)).rejects.toThrow(message);
  });

  it('are compared by a metric that applies', async () => {
    const models = await read('good', 'poor');
    const compared = await compareModels(models, (await comparedRows(models, options)).rows, 1);
    expect(decidingOf(compared, 'mse')).toBe(compared[0]);
    expect(() => decidingOf(compared, 'mes')).toThrow(
      /--by: expected .*: mse; received 'mes'; did you mean 'mse'\?/,
    );
  });
});
