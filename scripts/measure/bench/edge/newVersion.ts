/** A new version that takes over while requests are answered. */
import type { WorkerBuild } from '../../../worker/build.ts';
import { startWorker } from '../../../worker/worker.ts';
import { type Measurement, measurement } from '../benchReport.ts';
import { type Frozen, publish, quiet, renamed, variables } from './frozenVersion.ts';

/** Seconds of requests before, and while, the new version takes over. */
const SECONDS = 5;

/** Publishes a new version under load, and measures wrong answers and latencies before and meanwhile. */
export async function flipped(
  build: WorkerBuild,
  { first, second: { artifact, module } }: { readonly first: Frozen; readonly second: Frozen },
  rows: Float32Array<ArrayBuffer>,
  add: (each: Measurement) => Measurement,
) {
  const second = renamed({ artifact, module }, 'stored');
  const worker = await startWorker(build, {
    ...quiet,
    variables: { ...variables, ALIASES_TTL_SECONDS: '0.2' },
  });
  try {
    const bucket = await worker.bucket();
    await publish(bucket, first);
    const versions = [first, second].map((each) => each.artifact.manifest.version);
    const right = new Map<string, string>();
    let wrong = 0;
    const ask = async (times: number[]): Promise<string> => {
      const start = performance.now();
      const response = await fetch(new URL('/v1/models/stored/encode', worker.url), {
        ...{ method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: rows },
      });
      const answer = Buffer.from(await response.arrayBuffer()).toString('hex');
      times.push(performance.now() - start);
      const version = response.headers.get('X-Model-Version') ?? '';
      const known = right.get(version) ?? answer;
      right.set(version, known);
      if (!response.ok || answer !== known || !versions.includes(version)) wrong++;
      return version;
    };
    const load = async (seconds: number, times: number[]): Promise<void> => {
      for (const end = performance.now() + seconds * 1000; performance.now() < end; ) await ask(times);
    };
    await load(1, []);
    const [before, during]: [number[], number[]] = [[], []];
    await load(SECONDS, before);
    await Promise.all([publish(bucket, second), load(SECONDS, during)]);
    if ((await ask([])) !== versions[1]) wrong++;
    return {
      wrong: add(measurement('version published under load', 'wrong answers or errors', [wrong])),
      before: add(measurement('p99/before a new version', 'ms', [p99(before)])),
      during: add(measurement('p99/while a new version takes over', 'ms', [p99(during)])),
    };
  } finally {
    await worker.dispose();
  }
}

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!;
}
