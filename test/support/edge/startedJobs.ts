/** Jobs of a Worker of their own in workerd, on rows of the model `linear`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, onTestFinished } from 'vitest';
import { type RunningWorker, startWorker } from '../../../scripts/worker/worker.ts';
import type { Job } from '../../../shared/jobsApi.ts';
import { NEW_SCALE } from '../artifacts/edgeArtifacts.ts';
import { expectedCodes } from '../artifacts/linearArtifact.ts';
import { temporaryFolder } from '../data/data.ts';
import { fetchFresh } from './fetchFresh.ts';
import { exampleRows } from './operationCases.ts';

export const WIDTH = 6;
/** Rows with these numbers lack a value: about one in each tenth chunk. */
const BAD_EVERY = 80_000;
/** Different rows, which repeat. */
const ROWS = exampleRows(41, WIDTH);
/** Codes of the rows by two versions of `linear`: the one that answers, and one that is published. */
export const CODES = expectedCodes(ROWS, NEW_SCALE);
export const PUBLISHED_CODES = expectedCodes(ROWS);

export const rowAt = (row: number) => ROWS[row % ROWS.length]!;
export const isBad = (row: number) => row % BAD_EVERY === 7;

export function linesOf(rows: number): string {
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

export function apiOf(url: () => URL): Api {
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetchFresh(new URL(path, url()), init);
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
export async function startedJobs(folder = temporaryFolder()) {
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
export function expectCodes(
  text: string,
  rows: number,
  codes: readonly (readonly number[])[] = CODES,
): number[] {
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
