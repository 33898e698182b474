/** Rows a second of a job, next to streamed answers to requests with the same rows. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../../../shared/jobsApi.ts';
import { buildWorker } from '../../../worker/build.ts';
import { bundleModels } from '../../../worker/bundle.ts';
import { startWorker } from '../../../worker/worker.ts';
import { type BenchResults, measurement, ratio } from '../benchReport.ts';
import type { EdgeBench } from './edgeBench.ts';

const ROUNDS = 5;
const ROWS = 30_000;
/** Rows of a request: about as many as its body may hold. */
const REQUEST_ROWS = 2000;
const POLL_MS = 100;
const JSON_TYPE = 'application/json';

/**
 * Measures `encode` for rows of JSON, from the submission of a job to its end, and from the first of several requests to
 * the last byte. They take turns, so that other load on the machine affects both alike.
 */
export async function benchJobs({ artifact, rows, folder, print }: EdgeBench): Promise<BenchResults> {
  const models = await bundleModels([artifact], join(folder, 'jobs', 'bundle'));
  const build = await buildWorker(join(folder, 'jobs', 'worker'), models);
  const options = { isDirect: true, bucketFolder: join(folder, 'jobs', 'bucket'), log: () => undefined };
  const worker = await startWorker(build, { ...options, variables: { LOG: 'problems' } });
  const { name: model, features } = artifact.manifest;
  const held = rows.length / features.count;
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const start = (i % held) * features.count;
    return JSON.stringify([...rows.subarray(start, start + features.count)]);
  });
  const ask = async (path: string, init?: RequestInit): Promise<Response> => {
    const response = await fetch(new URL(path, worker.url), init);
    if (!response.ok) throw new Error(await response.text());
    return response;
  };
  const post = (path: string, body: string, accept = JSON_TYPE) =>
    ask(path, { method: 'POST', headers: { 'Content-Type': JSON_TYPE, Accept: accept }, body });
  const contenders = {
    job: async (round: number) => {
      const files = { input: 'r2://jobs/rows.ndjson', output: `r2://jobs/codes.${round}.ndjson` };
      const submitted = await post('/v1/jobs', JSON.stringify({ model, operation: 'encode', ...files }));
      let job = (await submitted.json()) as Job;
      while (job.state !== 'done') {
        if (job.state === 'failed') throw new Error(job.problem);
        await sleep(POLL_MS);
        job = (await (await ask(`/v1/jobs/${job.id}`)).json()) as Job;
      }
    },
    streamed: async () => {
      for (let start = 0; start < ROWS; start += REQUEST_ROWS) {
        const body = `{"rows":[${lines.slice(start, start + REQUEST_ROWS).join()}]}`;
        await (await post(`/v1/models/${model}/encode`, body, 'application/x-ndjson')).arrayBuffer();
      }
    },
  };
  const rates: Record<keyof typeof contenders, number[]> = { job: [], streamed: [] };
  try {
    await (await worker.bucket('JOBS_BUCKET')).put('rows.ndjson', lines.join('\n'));
    // The first round is a warm-up.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const name of ['job', 'streamed'] as const) {
        const start = performance.now();
        await contenders[name](round);
        const rate = (1000 * ROWS) / (performance.now() - start);
        if (round === 0) continue;
        rates[name].push(rate);
        print(`jobs/${name}, round ${round} of ${ROUNDS}: ${Math.round(rate)} rows/s`);
      }
    }
  } finally {
    await worker.dispose();
  }
  const job = measurement('jobs/job', 'rows/s', rates.job);
  const streamed = measurement('jobs/streamed', 'rows/s', rates.streamed);
  return { results: [job, streamed], ratios: [ratio(job, streamed, '>=', 1.5)] };
}
