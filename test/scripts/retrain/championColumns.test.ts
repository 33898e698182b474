/** The data of a retraining is read as the champion's was, whatever detection would make of it that night. */
import { describe, expect, it } from 'vitest';
import { championColumns, columnLine } from '../../../scripts/retrain/championColumns.ts';
import { columns as columnsGate } from '../../../scripts/retrain/gates/data/columns.ts';
import { dataInput } from '../../../scripts/retrain/gates/inspectData.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import { describeFeatures } from '../../../training/artifact/describeFeatures.ts';
import type { ColumnChoices } from '../../../training/data/choices.ts';
import { profileOf } from '../../../training/data/profile.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';
import { written } from '../../support/data/tables.ts';

type Named = 'tabular' | 'anomaly' | 'windows';
const division = { shares: { validation: 0.1, test: 0.2 }, seed: 1 };

/** A file of `rows` rows, by column. */
function table(name: string, columns: Readonly<Record<string, (row: number) => unknown>>, separator = ',') {
  const lines = Array.from({ length: 400 }, (_, row) =>
    Object.values(columns)
      .map((cell) => cell(row))
      .join(separator),
  );
  return written(name, `${[Object.keys(columns).join(separator), ...lines].join('\n')}\n`);
}

const read = (recipe: Named, path: string, choices: ColumnChoices) =>
  RECIPES[recipe].data(path, division, choices);

/** The part of a champion's manifest that says what its columns are. */
async function champion(recipe: Named, path: string, choices: ColumnChoices = {}) {
  const data = await read(recipe, path, choices);
  const features = describeFeatures(data as never, { train: data.rows } as never, {});
  const manifest = {
    name: recipe,
    version: '0a1b2c3d4e5f',
    features,
    metrics: {},
    data: { choices: data.choices },
  };
  return { data, manifest: manifest as unknown as Manifest };
}

async function night(recipe: Named, manifest: Manifest, path: string, given: ColumnChoices = {}) {
  const data = await read(recipe, path, championColumns(manifest, given));
  const inputs = data.preprocessing!.columns.map(({ name }) => name);
  return {
    data,
    inputs,
    notes: data.notes!.filter((note) => note.startsWith('column ')),
    choices: data.choices,
  };
}

const heat = (row: number) => (row * 7.3) % 11;
const load = (row: number) => ((row * row) % 23) + 0.5;
const faultyIn = (share: number) => (row: number) => (row % 100 < 100 * share ? 'faulty' : 'ok');

describe('a column that the champion has as an input', () => {
  it('stays one where it is taken for the label of anomalies today, which a flag still does', async () => {
    const { manifest } = await champion('anomaly', table('a.csv', { heat, load, state: faultyIn(0.22) }));
    const tonight = table('b.csv', { heat, load, state: faultyIn(0.18) });
    expect((await read('anomaly', tonight, {})).choices!.label).toBe('state'); // detection takes it
    const kept = await night('anomaly', manifest, tonight);
    expect(kept.inputs).toEqual(['heat', 'load', 'state']);
    expect(kept.choices).toEqual({});
    expect(kept.notes).toEqual([
      'column state stays an input, as in anomaly@0a1b2c3d4e5f, though it looks like a label of anomalies today; --label state keeps it for evaluation only, together with --allow-breaking, as clients notice',
    ]);
    const asked = await night('anomaly', manifest, tonight, { label: 'state' });
    expect([asked.inputs, asked.choices!.label]).toEqual([['heat', 'load'], 'state']);
  });

  it('stays one where it gives the label away, is constant or has more than 100 categories today', async () => {
    const { manifest } = await champion(
      'anomaly',
      table('a.csv', {
        heat,
        mode: (row) => row % 3,
        shop: (row) => `s${row % 91}`,
        label: (row) => Number(row % 10 === 0),
      }),
    );
    const tonight = table('b.csv', {
      heat: () => 4,
      mode: (row) => Number(row % 10 === 0),
      shop: (row) => `s${row % 113}`,
      label: (row) => Number(row % 10 === 0),
    });
    const { inputs, notes } = await night('anomaly', manifest, tonight);
    expect(inputs).toEqual(['heat', 'mode', 'shop']);
    expect(notes).toEqual([
      'column heat stays an input, as in anomaly@0a1b2c3d4e5f, though detection would leave it out today (constant); --ignore heat does so, together with --allow-breaking, as clients notice',
      'column shop stays an input, as in anomaly@0a1b2c3d4e5f, though detection would leave it out today (113 categories); --ignore shop does so, together with --allow-breaking, as clients notice',
      expect.stringContaining('column label is used for evaluation only: 1 marks anomalies'),
      'column mode stays an input, as in anomaly@0a1b2c3d4e5f, though today it gives the label label away; --ignore mode leaves it out, together with --allow-breaking, as clients notice',
      expect.stringMatching(/^column shop: \d of 400 rows hold a category that no training row has/),
    ]);
  });

  it('is refused by the gate of columns where it has become an identifier', async () => {
    const first = await champion('tabular', table('a.csv', { heat, load, shop: (row) => `s${row % 91}` }));
    const { data } = await night(
      'tabular',
      first.manifest,
      table('b.csv', { heat, load, shop: (row) => `s${row}` }),
    );
    const input = dataInput(data, { manifest: first.manifest, profile: profileOf(first.data) }, 400, 0);
    expect(columnsGate.judge(input, 0)).toMatchObject({
      passed: false,
      figures: 'shop is no longer usable: 400 categories',
    });
  });

  it('is missed where the header is gone', async () => {
    const { manifest } = await champion('tabular', table('a.csv', { heat, load }));
    const tonight = table('b.csv', { 4.5: heat, 7.5: load });
    await expect(night('tabular', manifest, tonight)).rejects.toThrow(
      'expected the inputs of tabular@0a1b2c3d4e5f (heat, load), found none of them, but',
    );
  });

  it('keeps its type and its transform', async () => {
    const codes = (row: number) => ['1', 'x', 'y'][row % 3];
    const { manifest } = await champion(
      'tabular',
      table('a.csv', { heat, code: codes, share: (row) => row / 400 }),
    );
    const tonight = table('b.csv', { heat, code: (row) => (row % 2) + 1, share: (row) => row / 390 });
    const { data } = await night('tabular', manifest, tonight);
    const rolesOf = (name: string) => data.roles!.find((role) => role.name === name)!;
    expect([rolesOf('code').type, rolesOf('share').transform]).toEqual(['category', 'minmax']);
  });
});

describe('a column that the champion does not have as an input', () => {
  it('stays left out where it is usable today, and if it is new', async () => {
    const { manifest } = await champion('tabular', table('a.csv', { heat, load, plant: () => 'north' }));
    const tonight = table('b.csv', { heat, load, plant: (row) => 'ns'[row % 2], promo: (row) => row % 5 });
    const { inputs, notes } = await night('tabular', manifest, tonight);
    expect(inputs).toEqual(['heat', 'load']);
    expect(notes).toEqual([
      'column plant stays left out, as in tabular@0a1b2c3d4e5f; --feature plant makes it an input, together with --allow-breaking, as clients notice',
      'column promo is new and left out, as tabular@0a1b2c3d4e5f does not have it; --feature promo makes it an input, together with --allow-breaking, as clients notice',
    ]);
    const asked = await night('tabular', manifest, tonight, { feature: ['promo'] });
    expect(asked.inputs).toEqual(['heat', 'load', 'promo']);
  });

  it('is no label unless a flag makes it one', async () => {
    const { manifest } = await champion('anomaly', table('a.csv', { heat, load }));
    const { data, notes } = await night(
      'anomaly',
      manifest,
      table('b.csv', { heat, load, is_fraud: (row) => Number(row % 10 === 0) }),
    );
    expect(data.labels).toBeUndefined();
    expect(notes).toEqual([
      'column is_fraud is new and left out, as anomaly@0a1b2c3d4e5f does not have it; --label is_fraud uses it for evaluation only',
    ]);
  });

  it('may be gone, unlike one that the champion never had', async () => {
    const { manifest } = await champion('tabular', table('a.csv', { heat, load, note: load }), {
      ignore: ['note'],
    });
    const tonight = table('b.csv', { heat, load });
    expect((await night('tabular', manifest, tonight)).inputs).toEqual(['heat', 'load']);
    await expect(night('tabular', manifest, tonight, { ignore: ['hoat'] })).rejects.toThrow(
      'expected a column hoat',
    );
  });
});

describe('a decimal mark', () => {
  it('is that of the champion, also with another separator', async () => {
    const price = (row: number) => `${(row % 9) + 1},${100 + (row % 900)}`;
    const { manifest } = await champion('tabular', table('a.csv', { load: (row) => row % 7, price }, ';'));
    expect(manifest.data.choices).toEqual({ decimal: ',' });
    const { data } = await night(
      'tabular',
      manifest,
      table('b.tsv', { load: (row) => row % 7, price }, '\t'),
    );
    const [, column] = data.preprocessing!.table.columns;
    expect(column).toMatchObject({ type: 'number' });
    expect(Math.max(...(column as { values: Float64Array }).values)).toBeLessThan(10);
  });
});

describe('windows', () => {
  it('are of the same channels', async () => {
    const time = (row: number) => new Date(Date.UTC(2026, 0, 1, row)).toISOString();
    const { manifest } = await champion('windows', table('a.csv', { time, heat, load }), { length: '2' });
    const tonight = table('b.csv', { time, heat: () => 4, load, fan: heat });
    const { inputs, notes } = await night('windows', manifest, tonight);
    expect(inputs).toEqual(['heat[t-1]', 'heat[t]', 'load[t-1]', 'load[t]']);
    expect(notes).toContain(
      'column fan is left out, as in windows@0a1b2c3d4e5f; --feature fan makes it an input, together with --allow-breaking, as clients notice',
    );
  });
});

describe('flags', () => {
  const before = (choices: ColumnChoices) =>
    ({
      name: 'm',
      version: 'v',
      features: { names: null },
      metrics: {},
      data: { choices },
    }) as unknown as Manifest;

  it('add to the lists of the champion, and give its columns other roles', () => {
    const manifest = before({ ignore: ['a'], label: 'y', positive: ['b'], sample: '100', missing: ['-9'] });
    expect(championColumns(manifest, { ignore: ['c'] })).toEqual({
      ...{ ignore: ['a', 'c'], label: 'y', positive: ['b'], sample: '100', missing: ['-9'] },
    });
    // The values of one label mean nothing in another.
    expect(championColumns(manifest, { label: 'z', limit: '9' })).toEqual({
      ...{ ignore: ['a'], label: 'z', limit: '9', missing: ['-9'] },
    });
    expect(championColumns(manifest, { feature: ['y', 'a'] })).toEqual({
      ...{ feature: ['y', 'a'], sample: '100', missing: ['-9'] },
    });
  });

  it('are shown with the inputs', async () => {
    const { manifest } = await champion('tabular', table('a.csv', { heat, load, note: load }), {
      ignore: ['note'],
    });
    expect(columnLine(manifest, championColumns(manifest, {}))).toBe(
      'columns as in tabular@0a1b2c3d4e5f: --ignore note; 2 inputs (heat, load)',
    );
  });

  it.each([
    [{ ignore: ['load'] }, '--ignore note,load; 1 inputs, not its 2 (heat)'],
    [{ target: 'load' }, '--ignore note --target-column load; 1 inputs, not its 2 (heat)'],
    [{ feature: ['note'] }, '--feature note; 3 inputs, not its 2 (heat, load, note)'],
  ] satisfies [ColumnChoices, string][])(
    'are shown with the inputs that are trained on, given %o',
    async (given, expected) => {
      const path = table('a.csv', { heat, load, note: (row) => (row % 7) / 3 });
      const { manifest } = await champion('tabular', path, { ignore: ['note'] });
      const shown = columnLine(manifest, championColumns(manifest, given))!;
      expect(shown).toBe(`columns as in tabular@0a1b2c3d4e5f: ${expected}`);
      const { inputs } = await night('tabular', manifest, path, given);
      expect(shown).toContain(` ${inputs.length} inputs`);
    },
  );
});
