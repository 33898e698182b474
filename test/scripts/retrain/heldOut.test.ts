import { describe, expect, it } from 'vitest';
import { inChampionOrder } from '../../../scripts/retrain/columnOrder.ts';
import { usualRowsOf } from '../../../scripts/retrain/gates/inspectData.ts';
import type { JournalEntry } from '../../../scripts/retrain/journal.ts';
import { heldOutOf, heldOutRows } from '../../../scripts/retrain/metrics/heldOut.ts';
import { random } from '../../../shared/random.ts';
import { fromInteractions } from '../../../training/data/interactions.ts';
import { profileOf } from '../../../training/data/profile.ts';
import { hashesOf, keysOf } from '../../../training/data/rowKeys.ts';
import { seenRows } from '../../../training/data/seenRows.ts';
import { partsOf } from '../../../training/data/split.ts';
import { randomSplit } from '../../../training/data/splits.ts';
import { selectRows, type Table } from '../../../training/data/table.ts';
import { tableDataset } from '../../../training/preprocess/dataset.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';
import { deliveries } from '../../support/data/nights/schemas.ts';

const ROWS = 1000;
const night = deliveries.night(1, ROWS, 1);
const split = (table: Table, seed = 1) => ({
  parts: randomSplit(table, { validation: 0.1, test: 0.3 }, seed),
});
const prepared = (table: Table) => ({
  ...({
    recipe: RECIPES.tabular,
    engine: 'onnxruntime',
    splitSeed: 1,
    settings: { testShare: 0.3 },
  } as const),
  data: tableDataset(table, split(table)),
});
/** Every row as text, to tell rows apart without their hashes. */
const textsOf = ({ columns }: Table, rows: ArrayLike<number>): string[] =>
  Array.from(rows, (row) =>
    columns
      .map((each) => (each.type === 'category' ? each.categories[each.codes[row]!] : each.values[row]))
      .join(),
  );
const features = (table: Table): Table => ({
  ...table,
  columns: table.columns.filter(({ type }) => type !== 'date'),
});
const all = (count: number) => Array.from({ length: count }, (_, row) => row);

describe('held-out rows', () => {
  it('are those that the champion has not seen', () => {
    const { data } = prepared(night);
    // The champion was trained on 60 % of the same rows, split by another seed.
    const champion = split(night, 2).parts;
    const seen = seenRows(hashesOf(data), [...champion.train, ...champion.validation]);
    const { raw, heldOut } = heldOutOf(prepared(night), { ...profileOf(data), seen });
    const own = new Set(textsOf(features(night), [...champion.train, ...champion.validation]));
    const left = textsOf(raw!.table, all(raw!.table.rowCount));
    const unseen = textsOf(features(night), data.parts!.test).filter((row) => !own.has(row));
    expect(heldOut).toBe(300);
    expect(left.filter((row) => own.has(row))).toEqual([]);
    // Up to 6 % are taken for seen by mistake.
    expect(left.length).toBeGreaterThan(0.85 * unseen.length);
    expect(unseen).toEqual(expect.arrayContaining(left));
  });

  it('are no copies of training rows', () => {
    const copied = selectRows(
      night,
      Uint32Array.from(all(ROWS), (row) => (row < 500 ? row % 50 : row)),
    );
    const { data } = prepared(copied);
    const { raw } = heldOutOf(prepared(copied));
    const trained = new Set(textsOf(features(copied), [...data.parts!.train, ...data.parts!.validation]));
    const left = textsOf(raw!.table, all(raw!.table.rowCount));
    expect(left.length).toBeGreaterThan(100);
    expect(left.filter((row) => trained.has(row))).toEqual([]);
  });

  it('are those of the champion where a small recommender has more users', () => {
    const usersOf = (count: number) => {
      const source = random(3, 'users');
      const had = Array.from({ length: count * 6 }, (_, i) => ({
        user: `u${Math.floor(i / 6)}`,
        item: source.integer(40),
      }));
      return fromInteractions(had);
    };
    const shares = { validation: 0.1, test: 0.1 };
    const [old, now] = [usersOf(580), usersOf(610)];
    const parts = partsOf(old, shares, 1);
    const seen = seenRows(keysOf(old), [...parts.train, ...parts.validation]);
    const { test, heldOut, unseen } = heldOutRows(now, shares, 1, { ...profileOf(old), seen });
    expect(heldOut).toBe(61);
    // Up to 6 % are taken for seen by mistake.
    expect(unseen).toBeGreaterThan(50);
    expect(test.rowCount).toBe(unseen);
  });

  it('are all, if too few are new, which is told', () => {
    const copied = selectRows(
      night,
      Uint32Array.from(all(ROWS), (row) => row % 50),
    );
    const { test, unseen } = heldOutOf(prepared(copied));
    expect([test.rowCount, unseen]).toEqual([300, 0]);
  });
});

it('columns are brought into the order of the champion', () => {
  const turned = { ...night, columns: night.columns.toReversed() };
  const { manifest } = linearArtifact();
  const names = prepared(night).data.preprocessing!.columns.map(({ name }) => name);
  const champion = { ...manifest, features: { ...manifest.features, names } };
  const [old, now] = [prepared(night), inChampionOrder(prepared(turned), champion)];
  expect(now.data.featureNames).toEqual(old.data.featureNames);
  expect(now.data.rows).toEqual(old.data.rows);
  expect(inChampionOrder(old, champion)).toBe(old);
});

it('the usual number of rows is the median of the promoted runs', () => {
  const run = (id: string, rows: number, outcome: JournalEntry['outcome']): JournalEntry[] => [
    { run: id, at: '', event: 'done', step: 'inspect', details: { found: { rows } } },
    { run: id, at: '', event: 'ended', outcome },
  ];
  const entries = [
    ...run('a', 900, 'promoted'),
    ...run('b', 5, 'refused'),
    ...run('c', 1100, 'promoted'),
    ...run('d', 1000, 'promoted'),
  ];
  expect(usualRowsOf(entries, undefined)).toBe(1000);
  const { manifest } = linearArtifact();
  const rows = { train: 80, validation: 10, test: 10 };
  const champion = { manifest: { ...manifest, data: { ...manifest.data, rows } }, profile: undefined };
  expect(usualRowsOf([], champion)).toBe(100);
  expect(usualRowsOf([], undefined)).toBeUndefined();
});
