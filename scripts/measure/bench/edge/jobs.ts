/** Rows a second of a job, next to streamed answers to requests with the same rows. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../../../shared/jobsApi.ts';
import { cpuMilliseconds, privateMemory, withProcess } from '../../../worker/budget/process.ts';
import { buildWorker } from '../../../worker/build.ts';
import { bundleModels } from '../../../worker/bundle.ts';
import { startWorker } from '../../../worker/worker.ts';
import { type BenchResults, type Measurement, measurement, ratio } from '../benchReport.ts';
import type { EdgeBench } from './edgeBench.ts';

/** Rows of the two files. Of the first, the start of a job takes a good part; of the second, it does not. */
const SIZES = [
  { name: '', rows: 30_000, rounds: 5 },
  { name: '-300000', rows: 300_000, rounds: 2 },
] as const;
/** Rows of a request: about as many as its body may hold. */
const REQUEST_ROWS = 2000;
const POLL_MS = 100;
const JSON_TYPE = 'application/json';
const TARGET = 1.5;
/** Memory after ten times the rows, as a multiple. */
const FLAT = 1.5;

/**
 * Measures `encode` for rows of JSON, from the submission of a job to its end, and from the first of several requests to
 * the last byte. They take turns, so that other load on the machine affects both alike. The CPU time is that of workerd,
 * which for a job simulates Queues, Workflows and R2, too.
 */
export async function benchJobs({ artifact, rows, folder, print }: EdgeBench): Promise<BenchResults> {
  const models = await bundleModels([artifact], join(folder, 'jobs', 'bundle'));
  const build = await buildWorker(join(folder, 'jobs', 'worker'), models);
  const options = { isDirect: true, bucketFolder: join(folder, 'jobs', 'bucket'), log: () => undefined };
  const start = () => startWorker(build, { ...options, variables: { LOG: 'problems' } });
  const [worker, pid] = await withProcess(start);
  const { name: model, features } = artifact.manifest;
  const held = rows.length / features.count;
  const lines = Array.from({ length: REQUEST_ROWS }, (_, i) => {
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
    job: async (count: number, round: number, phases: Phases) => {
      const files = { input: inputOf(count), output: `r2://jobs/codes.${count}.${round}.ndjson` };
      const submitted = await post('/v1/jobs', JSON.stringify({ model, operation: 'encode', ...files }));
      let job = (await submitted.json()) as Job;
      while (job.state !== 'done') {
        if (job.state === 'failed' || job.state === 'cancelled') throw new Error(job.problem);
        const before = performance.now();
        await sleep(POLL_MS);
        const { id, state } = job;
        job = (await (await ask(`/v1/jobs/${id}`)).json()) as Job;
        phases[state === 'planning' ? state : 'running'] += (performance.now() - before) / 1000;
      }
    },
    streamed: async (count: number) => {
      for (let start = 0; start < count; start += REQUEST_ROWS) {
        const body = `{"rows":[${lines.join()}]}`;
        await (await post(`/v1/models/${model}/encode`, body, 'application/x-ndjson')).arrayBuffer();
      }
    },
  };
  const [results, memories]: [Measurement[], Measurement[]] = [[], []];
  const ratios: BenchResults['ratios'][number][] = [];
  try {
    const bucket = await worker.bucket('JOBS_BUCKET');
    const block = new Blob([`${lines.join('\n')}\n`]);
    for (const { name: suffix, rows: count, rounds } of SIZES) {
      const parts = Array.from({ length: count / REQUEST_ROWS }, () => block);
      const content = new Blob(parts);
      const file = { bytes: content.size, body: content.stream() };
      await bucket.large!.write(inputOf(count).slice('r2://jobs/'.length), file);
      const rates: Record<keyof typeof contenders, number[]> = { job: [], streamed: [] };
      const cpu: Record<keyof typeof contenders, number[]> = { job: [], streamed: [] };
      const seconds: Record<Phase, number[]> = { planning: [], running: [] };
      let memory = 0;
      // Before the first size, a round is a warm-up.
      for (let round = results.length === 0 ? 0 : 1; round <= rounds; round++) {
        for (const name of ['job', 'streamed'] as const) {
          const [started, before] = [performance.now(), await cpuMilliseconds(pid)];
          const phases: Phases = { planning: 0, running: 0 };
          await contenders[name](count, round, phases);
          const rate = (1000 * count) / (performance.now() - started);
          if (round === 0) continue;
          print(`jobs/${name}${suffix}, round ${round} of ${rounds}: ${Math.round(rate)} rows/s`);
          rates[name].push(rate);
          cpu[name].push((1000 * ((await cpuMilliseconds(pid)) - before)) / count);
          if (name === 'streamed') continue;
          memory = Math.max(memory, await privateMemory(pid));
          for (const phase of PHASES) seconds[phase].push(phases[phase]);
        }
      }
      const job = measurement(`jobs/job${suffix}`, 'rows/s', rates.job);
      const streamed = measurement(`jobs/streamed${suffix}`, 'rows/s', rates.streamed);
      results.push(job, streamed);
      for (const name of ['job', 'streamed'] as const)
        results.push(measurement(`cpu/${name}${suffix}`, 'us of CPU a row', cpu[name]));
      for (const phase of PHASES) results.push(measurement(`${phase}/job${suffix}`, 's', seconds[phase]));
      memories.push(measurement(`memory/workerd-after-jobs${suffix}`, 'MiB', [memory]));
      ratios.push(ratio(job, streamed, '>=', TARGET));
    }
  } finally {
    await worker.dispose();
  }
  const [few, many] = memories as [Measurement, Measurement];
  return { results: [...results, few, many], ratios: [...ratios, ratio(many, few, '<=', FLAT)] };
}

/** Planning, and the rest: answering, which begins meanwhile, and joining, which is over before it is seen. */
const PHASES = ['planning', 'running'] as const;
type Phase = (typeof PHASES)[number];
type Phases = Record<Phase, number>;

const inputOf = (rows: number) => `r2://jobs/rows.${rows}.ndjson`;
