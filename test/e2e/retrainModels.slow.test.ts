/** Models of one recipe under their own names, refusals that are accepted, and recommenders. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ItemTable } from '../../shared/itemTable.ts';
import { permutation, random } from '../../shared/random.ts';
import type { Table } from '../../training/data/table.ts';
import { runScript } from '../support/commands/cli.ts';
import { serves } from '../support/commands/served.ts';
import { keptFolder } from '../support/data/data.ts';
import { POISONS } from '../support/data/nights/poisons.ts';
import { deliveries } from '../support/data/nights/schemas.ts';
import { writeTable } from '../support/data/nights/writeTable.ts';

const ROWS = 1000;
const folder = keptFolder();
mkdirSync(join(folder, 'artifacts'));
serves(folder);

const write = (name: string, table: Table): string => writeTable(join(folder, name), table);
const retrain = (recipe: string, data: string, ...flags: string[]) =>
  runScript('retrain', [recipe, '--data', data, '--threads', '1', '--json', ...flags], folder);
const deploy = async (...flags: string[]) => {
  const { stdout } = await runScript('deploy', [...flags, '--target', 'local', '--json'], folder);
  return JSON.parse(stdout);
};
const settings = ['--set', 'epochs=30', 'hidden=[16]'];
const context = (seed: number, day: number) => ({ schema: deliveries, seed, rows: ROWS, day });

describe('two tables of one recipe', () => {
  const german = (data: string, ...flags: string[]) =>
    retrain('tabular', data, '--name', 'orders-de', ...flags, ...settings);

  it('are two models, each with its own aliases and history', async () => {
    const de = await german(write('de1.csv', deliveries.night(1, ROWS, 1)));
    expect([de.code, de.stderr]).toEqual([0, '']);
    const fr = await retrain(
      'tabular',
      write('fr1.csv', deliveries.night(2, ROWS, 1)),
      '--name',
      'orders-fr',
      ...settings,
    );
    expect([fr.code, fr.stderr]).toEqual([0, '']);
    expect([JSON.parse(de.stdout), JSON.parse(fr.stdout)]).toMatchObject([
      { model: 'orders-de', champion: null },
      { model: 'orders-fr', champion: null },
    ]);
    const { models } = await deploy('--status');
    expect(models.map(({ model }: { model: string }) => model)).toEqual(['orders-de', 'orders-fr']);
    const { entries } = await deploy('--history', 'orders-fr');
    expect(new Set(entries.map(({ run }: { run: string }) => run)).size).toBe(1);
  });

  it('refuse poison by gates that name the column, before training, with a picture', async () => {
    const km = write('km.csv', POISONS['miles that became kilometres']!.change(context(3, 2)));
    const { code, stderr } = await german(km);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /refused by range \(distance: .*spread \(distance: .*quantiles \(distance: [\s\S]*--accept range spread quantiles/,
    );
    const reports = join(folder, 'artifacts', 'orders-de', 'retrain');
    const pages = readdirSync(reports).map((name) => readFileSync(join(reports, name), 'utf8'));
    // The first version has a report, too.
    const [report] = pages.filter((page) => page.includes('<h2>Refused</h2>'));
    expect(report).toMatch(/<h2>distance<\/h2>[\s\S]*<svg role="img"/);
  });

  it('let an accepted change pass, which the history records, and then compare with it', async () => {
    const km = write('km.csv', POISONS['miles that became kilometres']!.change(context(3, 2)));
    const { code, stderr, stdout } = await german(
      km,
      '--accept',
      'range',
      'spread',
      'quantiles',
      'familiar',
      'flagged',
      'champion',
      'drift',
    );
    expect([code, stderr]).toEqual([0, '']);
    const { run } = JSON.parse(stdout);
    const { entries } = await deploy('--history', 'orders-de');
    const inspected = entries.find(
      (entry: { run: string; event: string; step?: string }) =>
        entry.run === run && entry.event === 'done' && entry.step === 'inspect',
    );
    expect(inspected.details.found.dataVerdicts).toContainEqual(
      expect.objectContaining({ gate: 'quantiles', passed: false, accepted: true, column: 'distance' }),
    );
    const ended = entries.findLast(
      (entry: { run: string; event: string }) => entry.run === run && entry.event === 'ended',
    );
    expect(ended).toMatchObject({
      outcome: 'promoted',
      reason: expect.stringMatching(/^accepted: .*quantiles \(distance/),
    });
    const next = write('km2.csv', POISONS['miles that became kilometres']!.change(context(4, 3)));
    const after = await german(next);
    expect([after.code, after.stderr]).toEqual([0, '']);
  });
});

/** Users who like one of three kinds of items; `names` are all items. */
function interactions(name: string, seed: number, names: readonly string[]): string {
  const source = random(seed, 'interactions');
  const lines = Array.from({ length: 240 }, (_, user) => {
    const own = names.filter((_, item) => item % 3 === user % 3);
    const order = permutation(own.length, source).subarray(0, 7);
    return Array.from(order, (item) => `user${user},${own[item]}`);
  });
  const path = join(folder, name);
  writeFileSync(path, `user,item\n${lines.flat().join('\n')}\n`);
  return path;
}

describe('a recommender', () => {
  const items = Array.from({ length: 45 }, (_, item) => `item${item}`);
  const films = (data: string, ...flags: string[]) =>
    retrain(
      'recommend',
      data,
      '--name',
      'films',
      ...flags,
      '--set',
      'codeSize=8',
      'epochs=20',
      'batchSize=32',
    );

  /** A table of the items, of which some are in stock. */
  const stocked = (isInStock: (item: number) => boolean): string => {
    const path = join(folder, 'items.csv');
    const lines = items.map((item, i) => `${item},Film ${i},${isInStock(i)}`);
    writeFileSync(path, ['id,title,in_stock', ...lines].join('\n'));
    return path;
  };
  const tableOf = (stdout: string): ItemTable => {
    const { challenger } = JSON.parse(stdout);
    const manifest = readFileSync(join(folder, 'artifacts', 'films', challenger, 'manifest.json'), 'utf8');
    return JSON.parse(manifest).items;
  };

  it('is published, and asked for its known answers', async () => {
    const table = stocked((item) => item % 2 === 0);
    const { code, stderr, stdout } = await films(interactions('films1.csv', 1, items), '--items', table);
    expect([code, stderr]).toEqual([0, '']);
    expect(new Set(tableOf(stdout).columns[0]!.values)).toEqual(new Set([0, 1]));
  });

  it('may gain and lose items, and reads the table of items again', async () => {
    stocked(() => false);
    const { code, stderr, stdout } = await films(
      interactions('films2.csv', 2, [...items.slice(3), 'new1', 'new2', 'new3']),
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(new Set(tableOf(stdout).columns[0]!.values)).toEqual(new Set([0, null]));
    const { run } = JSON.parse(stdout);
    const { entries } = await deploy('--history', 'films');
    const inspected = entries.find(
      (entry: { run: string; step?: string; event: string }) =>
        entry.run === run && entry.step === 'inspect' && entry.event === 'done',
    );
    expect(inspected.details.found.dataVerdicts).toContainEqual(
      expect.objectContaining({
        gate: 'catalogue',
        figures: expect.stringMatching(/^3 items added, 3 removed/),
      }),
    );
  });

  it('is refused if most of the catalogue is gone', async () => {
    const others = items.map((item, i) => (i % 3 === 0 ? item : `other-${item}`));
    const { code, stderr } = await films(interactions('films3.csv', 3, others));
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/refused by catalogue \(31 items added, 31 removed/),
    ]);
  });
});
