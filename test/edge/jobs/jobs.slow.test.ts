/**
 * Jobs in workerd, with its Workflows, Queues and R2: every row is answered once, as by a request of its own, whatever
 * happens meanwhile.
 */
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Miniflare, type WorkerdStructuredLog } from 'miniflare';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { Chunk } from '../../../edge/jobBindings.ts';
import type { ModelBucket } from '../../../scripts/store/bucket.ts';
import { publishArtifact, writeAliases } from '../../../scripts/store/publish.ts';
import { type RunningWorker, startWorker, workerOptions } from '../../../scripts/worker/worker.ts';
import type { Job } from '../../../shared/jobsApi.ts';
import { NEW_SCALE } from '../../support/artifacts/edgeArtifacts.ts';
import { expectedCodes } from '../../support/artifacts/linearArtifact.ts';
import { storedArtifact } from '../../support/artifacts/storedArtifact.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { exampleRows } from '../../support/edge/operationCases.ts';

const WIDTH = 6;
/** More take longer, and show the same. */
const KILLS = Number(process.env.JOB_KILLS ?? 3);
/** Rows with these numbers lack a value: about one in each tenth chunk. */
const BAD_EVERY = 80_000;
/** Different rows, which repeat. */
const ROWS = exampleRows(41, WIDTH);
/** Of the version of `linear` that answers, and of one that is published. */
const CODES = expectedCodes(ROWS, NEW_SCALE);
const PUBLISHED_CODES = expectedCodes(ROWS);

const rowAt = (row: number) => ROWS[row % ROWS.length]!;
const isBad = (row: number) => row % BAD_EVERY === 7;

function linesOf(rows: number): string {
  const texts = ROWS.map((row) => JSON.stringify(row));
  const lines = Array.from({ length: rows }, (_, row) =>
    isBad(row) ? '[1, 2]' : texts[row % texts.length]!,
  );
  return lines.join('\n');
}

interface Api {
  submit(body: object): Promise<Job>;
  job(id: string): Promise<Job>;
  untilEnded(id: string): Promise<Job>;
}

function apiOf(url: () => URL): Api {
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(new URL(path, url()), init);
    const body = await response.json();
    expect(response.ok, JSON.stringify(body)).toBe(true);
    return body as Job;
  };
  const job = (id: string) => ask(`/v1/jobs/${id}`);
  return {
    job,
    submit: (body) =>
      ask('/v1/jobs', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ input: 'r2://jobs/rows.ndjson', output: 'r2://jobs/answers.ndjson', ...body }),
      }),
    untilEnded: async (id) => {
      for (;;) {
        const found = await job(id);
        if (['done', 'failed', 'cancelled'].includes(found.state)) return found;
        await sleep(300);
      }
    },
  };
}

/** Starts the Worker with a folder of its own, and ends it with the test. */
async function started(folder = temporaryFolder()) {
  let worker = await startWorker(inject('build'), { bucketFolder: folder, log: () => undefined });
  const put = async (key: string, value: string | Uint8Array) =>
    (await worker.bucket('JOBS_BUCKET')).put(key, value);
  const bytesOf = async (key: string) => {
    const object = await (await worker.bucket('JOBS_BUCKET')).get(key);
    return Buffer.from(await object!.arrayBuffer());
  };
  onTestFinished(() => worker.dispose());
  return {
    ...{ put, bytesOf, api: apiOf(() => worker.url) },
    get worker(): RunningWorker {
      return worker;
    },
    restart: async () => {
      await Promise.allSettled([worker.dispose()]);
      worker = await startWorker(inject('build'), { bucketFolder: folder, log: () => undefined });
    },
  };
}

/** Checks that each line is the answer to the row of its number, and returns the numbers of rows without one. */
function expectCodes(text: string, rows: number, codes: readonly (readonly number[])[] = CODES): number[] {
  const lines = text.trimEnd().split('\n');
  expect(lines).toHaveLength(rows);
  const answers = codes.map((code) => JSON.stringify(code));
  const unanswered: number[] = [];
  for (const [row, line] of lines.entries()) {
    if (!isBad(row)) {
      if (line !== `{"row":${row},"code":${answers[row % answers.length]}}`) expect(line).toBe(`row ${row}`);
      continue;
    }
    expect(JSON.parse(line)).toEqual({ row, problem: `row ${row}: expected 6 values, received 2` });
    unanswered.push(row);
  }
  return unanswered;
}

test('a million rows are answered, each once and in order, and those without an answer are listed', async () => {
  const { put, bytesOf, api } = await started();
  const rows = 1_000_000;
  await put('rows.ndjson', linesOf(rows));
  const { id } = await api.submit({ model: 'linear', operation: 'encode' });
  const job = await api.untilEnded(id);
  const bad = expectCodes((await bytesOf('answers.ndjson')).toString(), rows);
  expect(bad).toHaveLength(13);
  expect(job).toMatchObject({
    state: 'done',
    rows: { total: rows, answered: rows - bad.length, unanswered: bad.length },
  });
  const problems = (await bytesOf('answers.ndjson.problems.ndjson')).toString().trimEnd().split('\n');
  expect(problems.map((line) => JSON.parse(line))).toEqual(
    bad.map((row) => ({ row, problem: 'wrong-shape', detail: `row ${row}: expected 6 values, received 2` })),
  );
});

test('answers have the bits of requests with a single row, and a query', async () => {
  const { put, bytesOf, api, worker } = await started();
  await put('rows.ndjson', linesOf(20_000));
  const job = { model: 'linear', operation: 'score', query: { top: '1' } };
  const { id, version } = await api.submit(job);
  expect((await api.untilEnded(id)).state).toBe('done');
  const lines = (await bytesOf('answers.ndjson')).toString().trimEnd().split('\n');
  for (let row = 0; row < 41; row++) {
    const response = await fetch(new URL(`/v1/models/linear@${version}/score?top=1`, worker.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ rows: [rowAt(row)] }),
    });
    const { scores } = (await response.json()) as { scores: [object] };
    // All rows like this one.
    for (let like = row; like < lines.length; like += 41)
      if (!isBad(like)) expect(lines[like]).toBe(JSON.stringify({ row: like, ...scores[0] }));
  }
});

test('an operation on bodies answers each line as a request', async () => {
  const { put, bytesOf, api, worker } = await started();
  const bodies = [{ items: ['b'], k: 3 }, { items: ['a', 'zzz'] }, { items: [] }, { itmes: ['a'] }];
  const lines = Array.from({ length: 10_000 }, (_, i) => JSON.stringify(bodies[i % bodies.length]));
  await put('rows.ndjson', lines.join('\n'));
  const { id } = await api.submit({ model: 'items', operation: 'recommend' });
  expect(await api.untilEnded(id)).toMatchObject({
    state: 'done',
    rows: { total: 10_000, unanswered: 2500 },
  });
  const answers = (await bytesOf('answers.ndjson')).toString().trimEnd().split('\n');
  for (const [kind, body] of bodies.entries()) {
    const response = await fetch(new URL('/v1/models/items/recommend', worker.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { model: _, version: _version, ...answer } = (await response.json()) as Record<string, unknown>;
    for (let row = kind; row < 10_000; row += bodies.length)
      expect(JSON.parse(answers[row]!)).toEqual({
        row,
        ...(response.ok ? answer : { problem: answer.detail }),
      });
  }
});

test('float32 rows become float32 answers, NaN for a row without one', async () => {
  const { put, bytesOf, api } = await started();
  const rows = 50_000;
  const values = Float32Array.from(
    { length: rows * WIDTH },
    (_, i) => rowAt(Math.floor(i / WIDTH))[i % WIDTH]!,
  );
  values[9 * WIDTH + 1] = Number.NaN;
  // A whole batch without any answer.
  values.fill(Number.POSITIVE_INFINITY, 1024 * WIDTH, 2048 * WIDTH);
  await put('rows.f32', new Uint8Array(values.buffer));
  const files = { input: 'r2://jobs/rows.f32', output: 'r2://jobs/codes.f32' };
  const { id } = await api.submit({ model: 'linear', operation: 'encode', ...files });
  expect(await api.untilEnded(id)).toMatchObject({ state: 'done', rows: { total: rows, unanswered: 1025 } });
  const codes = new Float32Array(new Uint8Array(await bytesOf('codes.f32')).buffer);
  expect(codes).toHaveLength(rows * 2);
  const isAbsent = (row: number) => row === 9 || (row >= 1024 && row < 2048);
  const expected = Float32Array.from({ length: rows * 2 }, (_, i) =>
    isAbsent(Math.floor(i / 2)) ? Number.NaN : CODES[Math.floor(i / 2) % 41]![i % 2]!,
  );
  expect(Buffer.compare(Buffer.from(codes.buffer), Buffer.from(expected.buffer))).toBe(0);
});

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
  const own = await started();
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
});

test('a version that is published meanwhile changes nothing: the version is pinned', async () => {
  const own = await started();
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
  const miniflare = new Miniflare({
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
  const own = await started();
  await own.put('rows.ndjson', linesOf(500_000));
  const { id } = await own.api.submit({ model: 'linear', operation: 'encode' });
  await sleep(1500);
  const response = await fetch(new URL(`/v1/jobs/${id}`, own.worker.url), { method: 'DELETE' });
  expect([response.status, ((await response.json()) as Job).state]).toEqual([200, 'cancelled']);
  const bucket = await own.worker.bucket('JOBS_BUCKET');
  const kept = async () => (await bucket.list({ prefix: '' })).objects.map(({ key }) => key);
  const record = ['job', 'progress', 'end'].map((name) => `.jobs/${id}/${name}.json`);
  await expect.poll(kept).toEqual(expect.arrayContaining(record));
  await expect.poll(async () => (await kept()).length).toBe(4);
});

test('an input that is replaced while the job runs ends it', async () => {
  const own = await started();
  await own.put('rows.ndjson', linesOf(300_000));
  const { id } = await own.api.submit({ model: 'linear', operation: 'encode' });
  await own.put('rows.ndjson', linesOf(10));
  expect(await own.api.untilEnded(id)).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('the input was replaced'),
  });
});

test('a file without ends of rows ends the job', async () => {
  const own = await started();
  await own.put('rows.ndjson', '[1,'.repeat(4_000_000));
  const { id } = await own.api.submit({ model: 'linear', operation: 'encode' });
  expect(await own.api.untilEnded(id)).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('does not end within 8 MiB'),
  });
});
