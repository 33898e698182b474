/** Jobs in workerd, with its Workflows, Queues and R2: every row is answered once, as by a request of its own. */
import { expect, test } from 'vitest';
import { fetchFresh } from '../../support/edge/fetchFresh.ts';
import {
  CODES,
  expectCodes,
  isBad,
  linesOf,
  rowAt,
  startedJobs,
  WIDTH,
} from '../../support/edge/startedJobs.ts';

test('a million rows are answered, each once and in order, and those without an answer are listed', async () => {
  const { put, bytesOf, api } = await startedJobs();
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
}, 300_000);

test('answers have the bits of requests with a single row, and a query', async () => {
  const { put, bytesOf, api, worker } = await startedJobs();
  await put('rows.ndjson', linesOf(20_000));
  const job = { model: 'linear', operation: 'score', query: { top: '1' } };
  const { id, version } = await api.submit(job);
  expect((await api.untilEnded(id)).state).toBe('done');
  const lines = (await bytesOf('answers.ndjson')).toString().trimEnd().split('\n');
  for (let row = 0; row < 41; row++) {
    const response = await fetchFresh(new URL(`/v1/models/linear@${version}/score?top=1`, worker.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ rows: [rowAt(row)] }),
    });
    const { scores } = (await response.json()) as { scores: [object] };
    const text = JSON.stringify(scores[0]).slice(1);
    const isLike = (each: number) => each % 41 === row && !isBad(each);
    expect(lines.filter((line, i) => isLike(i) && line !== `{"row":${i},${text}`)).toEqual([]);
  }
});

test('an operation on bodies answers each line as a request', async () => {
  const { put, bytesOf, api, worker } = await startedJobs();
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
    const response = await fetchFresh(new URL('/v1/models/items/recommend', worker.url), {
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
  const { put, bytesOf, api } = await startedJobs();
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
