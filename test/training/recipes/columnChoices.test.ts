import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import type { ColumnChoices } from '../../../training/data/choices.ts';
import { anomaly } from '../../../training/recipes/anomaly.ts';
import { tabular } from '../../../training/recipes/tabular.ts';
import { written } from '../../support/data/tables.ts';

const DIVISION = { shares: { validation: 0.2, test: 0.2 }, seed: 1 };
const ROWS = 200;

/** A table of two measurements and the given columns. */
function file(columns: Readonly<Record<string, (row: number) => string | number>>): string {
  const source = random(1, 'choices');
  const lines = Array.from({ length: ROWS }, (_, row) =>
    [source.uniform(), source.uniform(), ...Object.values(columns).map((of) => of(row))].join(','),
  );
  return written('a.csv', `f0,f1,${Object.keys(columns).join(',')}\n${lines.join('\n')}\n`);
}

async function read(columns: Parameters<typeof file>[0], choices: ColumnChoices = {}) {
  const data = await anomaly.data(file(columns), DIVISION, choices);
  const features = data.roles!.filter(({ role }) => role === 'feature').map(({ name }) => name);
  return { ...data, features, notes: data.notes!.join('\n') };
}

const often = (row: number) => row % 10 < 7;
const rarely = (row: number) => row % 10 === 0;

describe('the label of anomalies', () => {
  it('is asked for where 1 is frequent and nothing tells', async () => {
    const columns = { label: (row: number) => Number(often(row)) };
    await expect(read(columns)).rejects.toThrow(/1 is in 70 % of the rows.*--positive 1 or --positive 0/);
    const { labels, notes, choices } = await read(columns, { positive: ['1'] });
    expect(labels!.anomalous).toEqual(['1']);
    expect(notes).toMatch(/label is used for evaluation only: 1 marks anomalies, since it was asked for/);
    expect(choices).toEqual({ label: 'label', positive: ['1'] });
  });

  it.each<[string, (row: number) => string | number, string[]]>([
    ['is_fraud', (row) => Number(often(row)), ['1']],
    ['Attack', (row) => Number(often(row)), ['1']],
    ['Machine failure', (row) => Number(rarely(row)), ['1']],
    ['isFlaggedFraud', (row) => String(often(row)), ['true']],
    ['Normal/Attack', (row) => (often(row) ? 'Attack' : 'Normal'), ['Attack']],
    ['label', (row) => ['BENIGN', 'DoS', 'PortScan'][row % 3]!, ['DoS', 'PortScan']],
    ['class', (row) => (often(row) ? 'a' : 'b'), ['b']],
  ])('column %s', async (name, of, anomalous) => {
    const { labels, features } = await read({ [name]: of });
    expect([labels?.name, labels?.anomalous, features]).toEqual([name, anomalous, ['f0', 'f1']]);
  });

  it.each<[string, (row: number) => string | number, string[]]>([
    ['status', (row) => (rarely(row) ? 'faulty' : 'ok'), ['faulty']],
    ['result', (row) => (row % 20 ? 'Passed' : 'Failed'), ['Failed']],
    ['is_faulty', (row) => String(rarely(row)), ['true']],
    ['broken', (row) => Number(rarely(row)), ['1']],
  ])(
    'is column %s, whose values show it, unless --feature makes it an input',
    async (name, of, anomalous) => {
      const { labels, features, notes, choices, roles } = await read({ [name]: of });
      expect([labels?.name, labels?.anomalous, features]).toEqual([name, anomalous, ['f0', 'f1']]);
      expect(notes).toContain(
        `column ${name} is used for evaluation only: ${anomalous} marks anomalies, since `,
      );
      expect(notes).toContain(`--feature ${name} makes it an input`);
      expect(choices).toEqual({ label: name, positive: anomalous });
      expect(roles!.find((each) => each.name === name)!.role).toBe('label');
      const kept = await read({ [name]: of }, { feature: [name] });
      expect([kept.labels, kept.features]).toEqual([undefined, ['f0', 'f1', name]]);
      expect(kept.notes).not.toContain(`column ${name}`);
    },
  );

  it.each<[string, (row: number) => string | number, RegExp | undefined]>([
    [
      'one word is known',
      (row) => (rarely(row) ? 'X7' : 'ok'),
      /kind may mark .* since ok is normal: --label kind/,
    ],
    [
      'other words',
      (row) => (rarely(row) ? ['worn', 'leak'][row % 20 && 1]! : 'ok'),
      /since ok is normal: --label/,
    ],
    [
      'the anomalies are frequent',
      (row) => (often(row) ? 'faulty' : 'ok'),
      /since ok is normal and faulty names anomalies: --label kind/,
    ],
    ['neither word is known', (row) => (rarely(row) ? 'a' : 'b'), undefined],
    ['there is no other word', () => 'ok', undefined],
  ])('is only pointed out where %s', async (_, of, note) => {
    const { labels, notes } = await read({ kind: of });
    expect(labels).toBeUndefined();
    if (note === undefined) expect(notes).not.toContain('may mark');
    else expect(notes).toMatch(note);
  });

  it('is none of several columns whose values show it', async () => {
    const columns = {
      status: (row: number) => (rarely(row) ? 'faulty' : 'ok'),
      check: (row: number) => (row % 20 ? 'good' : 'bad'),
    };
    const { labels, features, notes } = await read(columns);
    expect([labels, features]).toEqual([undefined, ['f0', 'f1', 'status', 'check']]);
    for (const name of Object.keys(columns)) expect(notes).toMatch(`--label ${name} takes it`);
    expect(notes).toMatch(/several columns .* none of them is taken/);
    expect((await read(columns, { ignore: ['check'] })).labels?.name).toBe('status');
  });

  it('is no continuous column', async () => {
    const { labels, features, notes } = await read({ y: (row) => Math.sin(row), z: (row) => Math.cos(row) });
    expect(labels).toBeUndefined();
    expect(features).toEqual(['f0', 'f1', 'y', 'z']);
    expect(notes).toMatch(/no column is taken for a label of anomalies: choose one with --label/);
    expect((await read({ y: (row) => row % 50 })).features).toContain('y');
  });

  it('takes columns that give it away out of the features', async () => {
    const columns = {
      attack_cat: (row: number) => (rarely(row) ? ['Worms', 'DoS'][row % 2]! : 'Normal'),
      kind: (row: number) => (rarely(row) ? 'x' : ['y', 'z'][row % 2]!),
      colour: (row: number) => row % 3,
      label: (row: number) => Number(rarely(row)),
    };
    const { features, notes, roles } = await read(columns);
    expect(features).toEqual(['f0', 'f1', 'colour']);
    expect(roles!.find(({ name }) => name === 'attack_cat')?.reason).toBe('gives the label label away');
    expect(notes).toMatch(/column kind is left out: gives the label label away; --feature kind keeps it/);
    expect((await read(columns, { feature: ['kind'] })).features).toContain('kind');
  });
});

describe('choices', () => {
  const columns = {
    order: (row: number) => `o${row % 40}`,
    at: (row: number) => `2024-01-01T00:00:${String(row % 60).padStart(2, '0')}Z`,
    n: (row: number) => (row === 3 ? 'unknown' : row * row),
    zip: (row: number) => 10_000 + (row % 7),
    fraud: (row: number) => Number(rarely(row)),
  };

  it('set roles, marks, types and the split', async () => {
    const { features, roles, parts, choices } = await read(columns, {
      ...{ ignore: ['f1'], id: 'order', time: 'at', missing: ['unknown'], text: ['zip'], label: 'fraud' },
    });
    expect(features).toEqual(['f0', 'n', 'zip']);
    const shown = Object.fromEntries(roles!.map(({ name, type, reason }) => [name, `${type} ${reason}`]));
    expect(shown).toMatchObject({
      ...{ f1: 'number as asked', order: 'category the identifier', at: 'date the time of the split' },
      ...{ zip: 'category ' },
    });
    expect(Math.min(...Array.from(parts!.test, (row) => row % 60))).toBeGreaterThan(
      Math.max(...Array.from(parts!.train, (row) => row % 60)),
    );
    expect(choices).toMatchObject({ ignore: ['f1'], label: 'fraud', positive: ['1'] });
  });

  it.each<[string, ColumnChoices, RegExp]>([
    ['a word among numbers', {}, /column n, row 4: .*--missing 'unknown'.*--text 'n'/],
    ['a misspelt column', { missing: ['unknown'], ignore: ['ordr'] }, /did you mean 'order'\?/],
    ['a misspelt text column', { missing: ['unknown'], text: ['zpi'] }, /did you mean 'zip'\?/],
    ['two roles', { missing: ['unknown'], ignore: ['zip'], feature: ['zip'] }, /two: ignore and feature/],
    [
      'a value that is not there',
      { missing: ['unknown'], positive: ['7'] },
      /--positive \(0, 1\), received 7/,
    ],
  ])('refuse %s', async (_, choices, message) => {
    await expect(read(columns, choices)).rejects.toThrow(message);
  });

  it('are pointed out where a table has a label that the recipe does not know', async () => {
    const path = file({ is_fraud: (row) => Number(rarely(row)) });
    const { notes } = await tabular.data(path, DIVISION);
    expect(notes).toEqual([expect.stringMatching(/is_fraud looks like a label .* recipe anomaly.*--ignore/)]);
  });
});
