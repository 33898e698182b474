/**
 * What a Worker takes of what Cloudflare allows, measured in workerd on this machine: the difference to a Worker that only
 * says hello, since the process takes something too. Processors differ; the figures are for orientation.
 */
import type { Manifest } from '../../../shared/manifest.ts';
import { quantile } from '../../../shared/quantile.ts';
import { startHello } from '../hello.ts';
import { type RunningWorker, startWorker, type WorkerBuild } from '../worker.ts';
import { cpuMilliseconds, privateMemory, workerdProcesses } from './process.ts';

export interface Figures {
  /** KiB */
  readonly uploadGzip: number;
  readonly upload: number;
  /** MiB */
  readonly memory: number;
  /** Milliseconds of CPU time. */
  readonly startup: number;
  readonly firstRequest: number;
  readonly request: number;
}

/** Enough for a 99th percentile. */
const REQUESTS = 300;

interface Load {
  readonly url: URL;
  readonly init?: RequestInit;
}

/** Figures of a build, asked for one row of each model in turn. */
export async function measureBudget(build: WorkerBuild, models: readonly Manifest[]): Promise<Figures> {
  const hello = await measured(startHello, (url) => [{ url }]);
  const start = () => startWorker(build, { log: () => undefined, variables: { LOG: 'problems' } });
  const worker = await measured(start, (url) => models.map((model) => loadOf(model, url)));
  const above = (name: 'memory' | 'startup' | 'firstRequest' | 'request') =>
    Math.max(0, worker[name] - hello[name]);
  return {
    uploadGzip: build.gzipBytes / 1024,
    upload: build.bytes / 1024,
    memory: above('memory'),
    startup: above('startup'),
    firstRequest: above('firstRequest'),
    request: above('request'),
  };
}

async function measured(
  start: () => Promise<Pick<RunningWorker, 'url' | 'dispose'>>,
  loads: (url: URL) => readonly Load[],
): Promise<Omit<Figures, 'upload' | 'uploadGzip'>> {
  const others = new Set(await workerdProcesses());
  const { url, dispose } = await start();
  try {
    const pid = (await workerdProcesses()).find((each) => !others.has(each))!;
    const startup = await cpuMilliseconds(pid);
    const requests = loads(url);
    const cost = async (load: Load): Promise<number> => {
      const before = await cpuMilliseconds(pid);
      const response = await fetch(load.url, load.init);
      if (!response.ok) throw new Error(`${load.url} answered ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
      return (await cpuMilliseconds(pid)) - before;
    };
    const first: number[] = [];
    for (const load of requests) first.push(await cost(load));
    const later: number[] = [];
    for (let i = 0; i < REQUESTS; i++) later.push(await cost(requests[i % requests.length]!));
    later.sort((a, b) => a - b);
    const request = quantile(later, 0.99);
    return { startup, firstRequest: Math.max(...first), request, memory: await privateMemory(pid) };
  } finally {
    await dispose();
  }
}

/** A request for one row: what every model takes as float32 is codes, and most take rows so. */
function loadOf({ name, version, codeSize, features, graphs, operations }: Manifest, base: URL): Load {
  const takesRows = graphs.encoder.inputs[0]!.name === 'rows';
  const operation = takesRows || !operations.includes('decode') ? 'encode' : 'decode';
  const body = new Float32Array(takesRows ? features.count : codeSize);
  const headers = { 'Content-Type': 'application/octet-stream' };
  const url = new URL(`/v1/models/${name}@${version}/${operation}`, base);
  return { url, init: { method: 'POST', headers, body } };
}
