import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type NewJournalEntry, openJournal, unfinishedRun } from '../../../scripts/retrain/journal.ts';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import { listAll } from '../../../scripts/store/bucket.ts';
import { s3Bucket } from '../../../scripts/store/s3.ts';
import { type S3Server, serveS3 } from '../../../scripts/store/s3Server.ts';
import { openBucket } from '../../../scripts/worker/localBuckets.ts';
import { oneWritePerSecond, type S3Proxy, s3Proxy } from '../../support/commands/s3Proxy.ts';

let close: () => Promise<void>;
let server: S3Server;
let proxy: S3Proxy;
let bucket: ModelBucket;

beforeAll(async () => {
  const store = await openBucket({ r2Buckets: ['MODELS'] });
  close = store.close;
  server = await serveS3(store.bucket, 'key');
  proxy = await s3Proxy(server.url);
  bucket = s3Bucket({ url: `${proxy.url}/models`, accessKeyId: 'key', secretAccessKey: 'secret' });
});
afterEach(() => {
  proxy.before = () => undefined;
});
afterAll(async () => {
  await proxy.close();
  await server.close();
  await close();
});

const started = (run: string): NewJournalEntry => ({ run, event: 'started' });
const ended = (run: string): NewJournalEntry => ({ run, event: 'ended', outcome: 'promoted' });
const command = (reason: string): NewJournalEntry => ({ run: 'rollback', event: 'command', reason });

/** The entries of a run of nine steps. */
const whole = (run: string): NewJournalEntry[] => [
  started(run),
  ...Array.from({ length: 9 }, (_, i) => `step ${i}`).flatMap((step): NewJournalEntry[] => [
    { run, event: 'begun', step },
    { run, event: 'done', step },
  ]),
  ended(run),
];

it('writes no object twice, so that a store may limit writes to one key', async () => {
  proxy.before = oneWritePerSecond();
  const begun = performance.now();
  const journal = await openJournal(bucket, 'limited');
  for (const run of ['a', 'b']) for (const entry of whole(run)) await journal.append(entry);
  // More than forty writes, each of which would have to wait for a second.
  expect(performance.now() - begun).toBeLessThan(20_000);
  const { entries } = await openJournal(bucket, 'limited');
  expect(entries.map(({ at: _, ...entry }) => entry)).toEqual([...whole('a'), ...whole('b')]);
  expect((await listAll(bucket, { prefix: 'limited/retrain/journal/' })).keys).toHaveLength(2);
});

it('keeps the entries of commands and runs that write at the same time', async () => {
  const journal = await openJournal(bucket, 'shared');
  await journal.append(started('a'));
  const commands = Array.from({ length: 6 }, async (_, i) => {
    await (await openJournal(bucket, 'shared')).append(command(`${i}`));
  });
  await Promise.all([...commands, journal.append({ run: 'a', event: 'begun', step: 'train' })]);
  await journal.append(ended('a'));
  const { entries } = await openJournal(bucket, 'shared');
  expect(
    entries
      .map(({ reason }) => reason)
      .filter((each) => each !== undefined)
      .sort(),
  ).toEqual([...'012345']);
  expect([entries[0]?.event, entries.at(-1)?.event, entries.length]).toEqual(['started', 'ended', 9]);
});

it('recognises an entry whose response was lost', async () => {
  let cuts = 0;
  proxy.after = ({ method }) => (method === 'PUT' && cuts++ === 0 ? 'cut' : undefined);
  await (await openJournal(bucket, 'lost')).append(started('a'));
  proxy.after = () => undefined;
  expect((await openJournal(bucket, 'lost')).entries).toHaveLength(1);
});

it('refuses entries of a run after another has begun', async () => {
  const first = await openJournal(bucket, 'taken');
  await first.append(started('a'));
  await (await openJournal(bucket, 'taken')).append(started('b'));
  await expect(first.append({ run: 'a', event: 'begun', step: 'publish' })).rejects.toThrow(
    'run b has begun meanwhile',
  );
  expect(unfinishedRun((await openJournal(bucket, 'taken')).entries)?.[0]?.run).toBe('b');
});

it('leaves damaged entries out, and goes on after them', async () => {
  await bucket.put('damaged/retrain/journal/000000001.json', '{"run":');
  const journal = await openJournal(bucket, 'damaged');
  for (const entry of whole('a')) await journal.append(entry);
  expect((await openJournal(bucket, 'damaged')).entries).toHaveLength(whole('a').length);
});
