/** Faults while jobs run: none loses a row, or answers one twice. */
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerdStructuredLog } from 'miniflare';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { Chunk } from '../../../edge/jobBindings.ts';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import { publishArtifact, writeAliases } from '../../../scripts/store/publish.ts';
import { startMiniflare } from '../../../scripts/worker/supervisor.ts';
import { workerOptions } from '../../../scripts/worker/worker.ts';
import type { Job } from '../../../shared/jobsApi.ts';
import { storedArtifact } from '../../support/artifacts/storedArtifact.ts';
import { fetchFresh } from '../../support/edge/fetchFresh.ts';
import { apiOf, expectCodes, linesOf, PUBLISHED_CODES, startedJobs } from '../../support/edge/startedJobs.ts';

/** More take longer, and show the same. */
const KILLS = Number(process.env.JOB_KILLS ?? 3);

test('workerd that is killed again and again loses no row, and answers none twice', async () => {
  let workerd: ChildProcess | undefined;
  const listen = (message: unknown) => {
    const { process: child } = message as { process: ChildProcess };
    child.once('spawn', () => {
      if (basename(child.spawnfile).startsWith('workerd')) workerd = child;
    });
  };
  subscribe('child_process', listen);
  onTestFinished(() => void unsubscribe('child_process', listen));
  const own = await startedJobs();
  const rows = 1_000_000;
  await own.put('rows.ndjson', linesOf(rows));
  const { id } = await own.api.submit({ model: 'linear', operation: 'encode' });
  const answered = async () => (await own.api.job(id)).rows.answered;
  for (let kills = 0, before = -1; kills < KILLS; kills++) {
    // At a different point each time, of a job that has gone on since.
    while ((await answered()) <= before) await sleep(200);
    await sleep(100 * kills);
    before = await answered();
    expect(before).toBeLessThan(rows - 13);
    workerd!.kill('SIGKILL');
    await own.restart();
  }
  expect((await own.api.untilEnded(id)).state).toBe('done');
  expectCodes((await own.bytesOf('answers.ndjson')).toString(), rows);
}, 300_000);

test('a version that is published meanwhile changes nothing: the version is pinned', async () => {
  const own = await startedJobs();
  const models = await own.worker.bucket();
  const artifacts = [1, 2].map((scale) => storedArtifact({ name: 'published', scale }));
  for (const artifact of artifacts) await publishArtifact(models, artifact);
  const [first, second] = artifacts.map(({ manifest }) => manifest.version) as [string, string];
  await writeAliases(models, 'published', { production: first });
  const rows = 100_000;
  await own.put('rows.ndjson', linesOf(rows));
  const { id, version } = await own.api.submit({ model: 'published', operation: 'encode' });
  await writeAliases(models, 'published', { production: second, previous: first });
  expect(version).toBe(first);
  expect((await own.api.untilEnded(id)).state).toBe('done');
  expectCodes((await own.bytesOf('answers.ndjson')).toString(), rows, PUBLISHED_CODES);
});

test('chunks that are delivered again are not answered again', async () => {
  const logs: string[] = [];
  const miniflare = startMiniflare({
    ...(await workerOptions(inject('build'))),
    ...{ name: 'jobs', cf: false },
    handleStructuredLogs: ({ message }: WorkerdStructuredLog) => {
      logs.push(message);
    },
  });
  onTestFinished(() => miniflare.dispose());
  const url = await miniflare.ready;
  const bucket = (await miniflare.getR2Bucket('JOBS_BUCKET', 'jobs')) as unknown as ModelBucket;
  const queue = await miniflare.getQueueProducer('JOBS_QUEUE', 'jobs');
  const api = apiOf(() => url);
  const rows = 60_000;
  await bucket.put('rows.ndjson', linesOf(rows));
  const { id } = await api.submit({ model: 'linear', operation: 'encode' });
  const planKey = `.jobs/${id}/plan/000000000`;
  let plan = await bucket.get(planKey);
  for (; plan === null; plan = await bucket.get(planKey)) await sleep(20);
  const chunks = JSON.parse(Buffer.from(await plan.arrayBuffer()).toString()) as Chunk[];
  expect(chunks.length).toBeGreaterThan(5);
  for (let i = 0; i < 3; i++) await queue.sendBatch(chunks.map((chunk) => ({ body: { job: id, chunk } })));
  expect((await api.untilEnded(id)).state).toBe('done');
  const answers = await (await bucket.get('answers.ndjson'))!.arrayBuffer();
  expectCodes(Buffer.from(answers).toString(), rows);
  expect(logs.filter((line) => line.includes('"method":"JOB"'))).toHaveLength(chunks.length);
});

test('a cancelled job stops, and keeps nothing but its record', async () => {
  const own = await startedJobs();
  await own.put('rows.ndjson', linesOf(500_000));
  const { id } = await own.api.submit({ model: 'linear', operation: 'encode' });
  await sleep(1500);
  const response = await fetchFresh(new URL(`/v1/jobs/${id}`, own.worker.url), { method: 'DELETE' });
  expect([response.status, ((await response.json()) as Job).state]).toEqual([200, 'cancelled']);
  const bucket = await own.worker.bucket('JOBS_BUCKET');
  const kept = async () => (await bucket.list({ prefix: '' })).objects.map(({ key }) => key);
  const record = ['job', 'progress', 'end'].map((name) => `.jobs/${id}/${name}.json`);
  await expect.poll(kept).toEqual(expect.arrayContaining(record));
  await expect.poll(async () => (await kept()).length).toBe(4);
});

test('an input that is replaced while the job runs ends it', async () => {
  const own = await startedJobs();
  await own.put('rows.ndjson', linesOf(300_000));
  const { id } = await own.api.submit({ model: 'linear', operation: 'encode' });
  await own.put('rows.ndjson', linesOf(10));
  expect(await own.api.untilEnded(id)).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('the input was replaced'),
  });
});

test('a file without ends of rows ends the job', async () => {
  const own = await startedJobs();
  await own.put('rows.ndjson', '[1,'.repeat(4_000_000));
  const { id } = await own.api.submit({ model: 'linear', operation: 'encode' });
  expect(await own.api.untilEnded(id)).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('does not end within 8 MiB'),
  });
});

test('a chunk that cannot be answered is given up, with a problem for each of its rows', async () => {
  const own = await startedJobs();
  await own.put('rows.ndjson', linesOf(2));
  const { id } = await own.api.submit({ model: 'faulty', operation: 'encode' });
  expect(await own.api.untilEnded(id)).toMatchObject({ state: 'done', rows: { answered: 0, unanswered: 2 } });
  const problems = (await own.bytesOf('answers.ndjson.problems.ndjson')).toString().trimEnd().split('\n');
  const detail = expect.stringContaining('rows 0 to 1 could not be answered in 3 attempts');
  expect(problems.map((line) => JSON.parse(line))).toEqual([
    { row: 0, problem: 'internal-error', detail },
    { row: 1, problem: 'internal-error', detail },
  ]);
});
