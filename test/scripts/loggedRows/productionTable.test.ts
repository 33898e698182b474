import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BaseTable, writeProductionTable } from '../../../scripts/loggedRows/productionTable.ts';
import { requireVisible, summaryLines } from '../../../scripts/retrain/productionData.ts';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import { openBucket } from '../../../scripts/worker/localBuckets.ts';
import { type LoggedLabel, type LoggedRow, partitionOf } from '../../../shared/loggedRows.ts';
import { readTable } from '../../../training/data/read.ts';
import { temporaryFolder } from '../../support/data/data.ts';

let rows: ModelBucket;
let close: () => Promise<void>;
beforeAll(async () => {
  const opened = await openBucket({ r2Buckets: ['MODELS', 'ROWS'] });
  rows = await opened.open('ROWS');
  ({ close } = opened);
});
afterAll(() => close());

const DAY_MS = 24 * 60 * 60 * 1000;
const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
const idOf = (n: number) => n.toString(16).padStart(32, 'a');
const OLD = '0a1b2c3d4e5f';
const NEW = '1a1b2c3d4e5f';

const row = (n: number, features: LoggedRow['features'], over: Partial<LoggedRow> = {}): LoggedRow => ({
  ...{ kind: 'row', time: ago(1), request_id: idOf(n), row: 0, model: 'pumps', version: NEW },
  ...{ operation: 'score', features, answer: {}, ...over },
});
const labelled = (n: number, label: LoggedLabel['label'], time = ago(0)): LoggedLabel => ({
  ...{ kind: 'label', time, request_id: idOf(n).toUpperCase(), row: 0, label },
});

async function put(...records: (LoggedRow | LoggedLabel)[]) {
  for (const record of records)
    await rows.put(`${partitionOf(record)}${crypto.randomUUID()}.ndjson`, `${JSON.stringify(record)}\n`);
}

/** A table on disk, and what the last 30 days of a model add to it. */
async function extended(model: string, name: string, content: string, over: Partial<BaseTable> = {}) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), content);
  const base = {
    location: join(folder, name),
    reading: {},
    label: 'faulty',
    needsLabel: false,
    time: undefined,
  };
  const made = await writeProductionTable(
    { bucket: rows, model, days: 30 },
    { ...base, ...over },
    join(folder, 'all'),
  );
  const { columns, rowCount } = await readTable(made.path);
  const values = Object.fromEntries(
    columns.map((column) => [
      column.name,
      column.type === 'category'
        ? Array.from(column.codes, (code) => column.categories[code] ?? null)
        : [...column.values].map((value) => (Number.isNaN(value) ? null : value)),
    ]),
  );
  return { made, values, rowCount };
}

const CSV = 'flow,site,running,faulty\n1,north,yes,0\n2,NA,no,1\n3,south,yes,0\n';

test('rows come after those of the table, once each, with their last label', async () => {
  await put(
    row(1, { flow: 0.1, site: 'north', running: true }),
    row(
      1,
      { flow: 0.1, site: 'north', running: true },
      { time: ago(0.5), operation: 'encode', version: OLD },
    ),
    row(2, { flow: null, site: null, running: false }),
    row(3, { flow: 9, site: 'east', running: false }, { row: 1 }),
    row(4, { flow: 8, site: 'old', running: true }, { time: ago(40) }),
    row(5, { flow: 7, site: 'other', running: true }, { model: 'others' }),
    labelled(1, false, ago(0.4)),
    labelled(1, true),
    labelled(3, 1),
    labelled(99, true),
  );
  const { made, values } = await extended('pumps', 'base.csv', CSV);
  expect(values).toEqual({
    flow: [1, 2, 3, null, 9, 0.1],
    site: ['north', null, 'south', null, 'east', 'north'],
    running: [1, 0, 1, 0, 0, 1],
    faulty: [0, 1, 0, null, null, 1],
  });
  expect({ ...made, path: '' }).toEqual({
    ...{ path: '', rows: 3, labelled: 1, hidden: [], misfits: [] },
    versions: [
      { version: OLD, rows: 1 },
      { version: NEW, rows: 2 },
    ],
  });
  expect(summaryLines(made, 30, 'faulty')).toEqual([
    `production: 3 rows of 30 days (1 by ${OLD}, 2 by ${NEW}); 1 with a label (column faulty)`,
  ]);
});

test('what was left out or hashed is missing, and what does not fit is counted', async () => {
  await put(
    row(
      1,
      { site: 'a1b2'.repeat(16), running: true },
      { model: 'hidden', leftOut: ['flow'], hashed: ['site'] },
    ),
    row(2, { flow: 5, site: 'north', running: true }, { model: 'hidden' }),
    labelled(2, 'broken'),
  );
  const { made, values } = await extended('hidden', 'base.csv', CSV);
  expect(values.flow!.slice(3)).toEqual([null, 5]);
  expect(values.site!.slice(3)).toEqual([null, 'north']);
  expect(made).toMatchObject({ hidden: ['flow', 'site'], misfits: [{ column: 'faulty', rows: 1 }] });
  expect(() => requireVisible(made.hidden, ['flow'])).toThrow(
    'found rows in which site is left out or hashed: --ignore site --allow-breaking',
  );
  expect(() => requireVisible(made.hidden, ['flow', 'site'])).not.toThrow();
});

test('types of Parquet, JSON and SQL stay, and unlabelled rows teach no predictor', async () => {
  await put(
    row(11, { flow: 1.5 }, { model: 'typed' }),
    row(12, { flow: 2.5 }, { model: 'typed' }),
    labelled(12, 4),
  );
  const lines = '{"flow": 1, "faulty": 3}\n{"flow": 2, "faulty": 2}\n';
  const { values } = await extended('typed', 'base.ndjson', lines, { needsLabel: true });
  expect(values).toEqual({ flow: [1, 2, 2.5], faulty: [3, 2, 4] });
  const location = 'CREATE TABLE t AS SELECT 1 AS flow, 0 AS faulty; SELECT * FROM t';
  const fromSql = await extended('typed', 'unused', '', { location });
  expect(fromSql.values).toEqual({ flow: [1, 1.5, 2.5], faulty: [0, null, 4] });
});

test('the time of requests is the time of rows', async () => {
  await put(row(21, { flow: 1 }, { model: 'timed', time: ago(2) }));
  const content = 'flow,at\n1,2026-01-01 10:00:00\n2,2026-01-02 10:00:00\n';
  const { values } = await extended('timed', 'base.csv', content, { time: 'at', label: undefined });
  const [first, , last] = values.at as number[];
  expect(last! - first!).toBeGreaterThan(0);
});

test.each<[name: string, content: string, model: string, reason: string]>([
  ['base.csv', CSV, 'nobody', 'expected logged rows of nobody, found none of the last 30 days'],
  ['base.csv', 'a;b\n1,5;2\n2,5;3\n', 'pumps', 'expects points before decimals, found commas'],
  ['base.txt', '1 2\n3 4\n', 'pumps', 'expects a table: CSV, Parquet, JSON or SQL'],
  ['base.csv', CSV, 'pixels', 'expected rows with names of columns, found lists'],
])('%s is refused with the reason', async (name, content, model, reason) => {
  if (model === 'pixels') await put(row(31, [1, 2, 3], { model }));
  await expect(extended(model, name, content)).rejects.toThrow(reason);
});
