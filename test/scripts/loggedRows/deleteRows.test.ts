import { afterAll, beforeAll, expect, test } from 'vitest';
import { deleteRows } from '../../../scripts/loggedRows/deleteRows.ts';
import { listLogged } from '../../../scripts/loggedRows/listRows.ts';
import { listAll, type ModelBucket } from '../../../scripts/store/bucket.ts';
import { openBucket } from '../../../scripts/worker/localBuckets.ts';
import { rowHasher } from '../../../shared/loggedRows.ts';

const SALT = 's'.repeat(32);
let rows: ModelBucket;
let close: () => Promise<void>;

const line = (n: number, features: object, over: object = {}) =>
  JSON.stringify({ request_id: `${n}`.padStart(32, '0'), row: 0, features, ...over });
const textOf = async (key: string) => {
  const object = await rows.get(key);
  return object === null ? undefined : new TextDecoder().decode(await object.arrayBuffer());
};

beforeAll(async () => {
  const opened = await openBucket({ r2Buckets: ['MODELS', 'ROWS'] });
  rows = await opened.open('ROWS');
  ({ close } = opened);
  const hash = await rowHasher(SALT);
  const hashed = { hashed: ['site'], leftOut: ['flow'] };
  const objects = {
    'rows/pumps/2026-11-01/a.ndjson': [line(1, { customer: 'c-1', flow: 1.5 }), line(2, { customer: 'c-2' })],
    'rows/pumps/2026-11-02/b.ndjson': [line(3, { customer: 'c-1' })],
    'rows/pumps/2026-11-02/c.ndjson': [line(4, { customer: 'c-3', flow: 1.5 })],
    'rows/sites/2026-11-02/d.ndjson': [
      line(5, { site: await hash('north') }, hashed),
      line(6, { site: await hash('south') }, hashed),
    ],
    'feedback/2026-11-20/e.ndjson': [1, 2, 3].map((n) => line(n, {})),
  };
  for (const [key, lines] of Object.entries(objects)) await rows.put(key, `${lines.join('\n')}\n`);
});
afterAll(() => close());

const deletion = { model: 'pumps', column: 'customer', value: 'c-1', salt: undefined, dryRun: false };

test('models, days and labels are listed', async () => {
  expect(await listLogged(rows)).toEqual([
    { model: 'pumps', days: 2, first: '2026-11-01', last: '2026-11-02', objects: 3 },
    { model: 'sites', days: 1, first: '2026-11-02', last: '2026-11-02', objects: 1 },
    { model: null, days: 1, first: '2026-11-20', last: '2026-11-20', objects: 1 },
  ]);
});

test('a dry run counts only', async () => {
  const before = (await listAll(rows, { prefix: '' })).keys;
  const counted = await deleteRows(rows, { ...deletion, dryRun: true });
  expect(counted).toEqual({ rows: 2, labels: 2, unknown: 0 });
  expect((await listAll(rows, { prefix: '' })).keys).toEqual(before);
  expect(await textOf('rows/pumps/2026-11-01/a.ndjson')).toContain('c-1');
});

test('rows of a value and their labels are gone, all others stay', async () => {
  expect(await deleteRows(rows, deletion)).toEqual({ rows: 2, labels: 2, unknown: 0 });
  expect(await textOf('rows/pumps/2026-11-01/a.ndjson')).toBe(`${line(2, { customer: 'c-2' })}\n`);
  expect(await textOf('rows/pumps/2026-11-02/b.ndjson')).toBeUndefined();
  expect(await textOf('rows/pumps/2026-11-02/c.ndjson')).toContain('c-3');
  expect(await textOf('feedback/2026-11-20/e.ndjson')).toBe(`${line(2, {})}\n`);
  expect(await deleteRows(rows, deletion)).toEqual({ rows: 0, labels: 0, unknown: 0 });
  expect(await deleteRows(rows, { ...deletion, column: 'flow', value: '1.50' })).toMatchObject({ rows: 1 });
});

test('a value of a hashed column is given as it was', async () => {
  const own = { ...deletion, model: 'sites', column: 'site', value: 'north' };
  await expect(deleteRows(rows, own)).rejects.toThrow('ROWS_SALT');
  expect(await deleteRows(rows, { ...own, salt: 't'.repeat(32) })).toMatchObject({ rows: 0 });
  expect(await deleteRows(rows, { ...own, salt: SALT })).toMatchObject({ rows: 1 });
  expect(await textOf('rows/sites/2026-11-02/d.ndjson')).toContain(`"request_id":"${'6'.padStart(32, '0')}`);
});

test('rows without the column are told of; a column that there is not is a mistake', async () => {
  const own = { ...deletion, model: 'sites', column: 'flow', value: '1' };
  expect(await deleteRows(rows, own)).toEqual({ rows: 0, labels: 0, unknown: 1 });
  await expect(deleteRows(rows, { ...own, column: 'sit' })).rejects.toThrow("did you mean 'site'?");
  await expect(deleteRows(rows, { ...own, model: 'nobody' })).rejects.toThrow('no rows of nobody are logged');
});
