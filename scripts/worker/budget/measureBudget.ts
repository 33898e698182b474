/**
 * The resources that a Worker uses, measured in workerd on this machine, less those of a minimal Worker,
 * since the process of workerd itself uses some. Cloudflare's processors differ, so take the figures as
 * estimates.
 */
import { InputError } from '../../../shared/errors.ts';
import { graphSpec, type Manifest, mainGraph } from '../../../shared/manifest.ts';
import { quantile } from '../../../shared/quantile.ts';
import { apiAddress } from '../apiAddress.ts';
import type { WorkerBuild } from '../build.ts';
import { startHello } from '../hello.ts';
import { type RunningWorker, startWorker } from '../worker.ts';
import { cpuMilliseconds, privateMemory, withProcess } from './process.ts';

export interface BudgetFigures {
  /** KiB. */
  readonly upload: number;
  /** MiB. */
  readonly memory: number;
  /** Milliseconds of CPU time until the Worker has started. */
  readonly startup: number;
  /** Milliseconds of CPU time of the slowest model's first request. */
  readonly firstRequest: number;
  /** Milliseconds of CPU time of later requests, 99th percentile. */
  readonly request: number;
  /** The same, their mean: what a month of requests costs depends on it. */
  readonly meanRequest: number;
}

/** Enough for a 99th percentile. */
const REQUESTS = 300;

/** The figures that are read from the process of workerd. */
type ProcessFigures = Omit<BudgetFigures, 'upload'>;

interface ModelRequest {
  readonly url: URL;
  readonly init?: RequestInit;
}

/** How requests reach the API of a Worker. */
export interface ApiAccess {
  /** The path that the Worker mounts it at, without a slash at the end. */
  readonly path: string;
  /** Headers that the Worker expects of its callers. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The API of a Worker that is nothing else, and takes requests of this machine without a key. */
export const WHOLE_API: ApiAccess = { path: '', headers: {} };

/**
 * Measures a build while it answers requests for one row of each model in turn.
 * @throws {InputError} on systems other than Linux, and if the Worker does not answer.
 */
export async function measureBudget(
  build: WorkerBuild,
  models: readonly Manifest[],
  access: ApiAccess = WHOLE_API,
): Promise<BudgetFigures> {
  const hello = await measured(startHello, (url) => [{ url }]);
  const start = () =>
    // What this machine adds would be counted, too: its simulators run in the same process.
    startWorker(build, {
      log: () => undefined,
      isDirect: true,
      isBare: true,
      variables: { LOG: 'problems' },
    });
  const worker = await measured(start, (url) => models.map((model) => requestOf(model, url, access)));
  const above = (name: keyof ProcessFigures) => Math.max(0, worker[name] - hello[name]);
  return {
    upload: build.bytes / 1024,
    memory: above('memory'),
    startup: above('startup'),
    firstRequest: above('firstRequest'),
    request: above('request'),
    meanRequest: above('meanRequest'),
  };
}

async function measured(
  start: () => Promise<Pick<RunningWorker, 'url' | 'dispose'>>,
  requestsTo: (url: URL) => readonly ModelRequest[],
): Promise<ProcessFigures> {
  const [{ url, dispose }, pid] = await withProcess(start);
  try {
    const startup = await cpuMilliseconds(pid);
    const requests = requestsTo(url);
    const cost = async (request: ModelRequest): Promise<number> => {
      const before = await cpuMilliseconds(pid);
      const response = await fetch(request.url, request.init);
      if (!response.ok) {
        const answer = `${response.status} ${(await response.text()).slice(0, 200)}`.trim();
        throw new InputError(
          `POST ${request.url.pathname}: expected an answer of the API of latentedge, received ${answer}`,
        );
      }
      await response.arrayBuffer();
      return (await cpuMilliseconds(pid)) - before;
    };
    const first: number[] = [];
    for (const each of requests) first.push(await cost(each));
    const later: number[] = [];
    for (let i = 0; i < REQUESTS; i++) later.push(await cost(requests[i % requests.length]!));
    later.sort((a, b) => a - b);
    return {
      ...{ startup, firstRequest: Math.max(...first), memory: await privateMemory(pid) },
      ...{ request: quantile(later, 0.99), meanRequest: later.reduce((sum, each) => sum + each) / REQUESTS },
    };
  } finally {
    await dispose();
  }
}

/**
 * Builds a request for one row as float32 bytes, or for one code if the model does not accept its rows as
 * such.
 */
function requestOf(manifest: Manifest, base: URL, { path, headers: own }: ApiAccess): ModelRequest {
  const { name, version, codeSize, features, operations } = manifest;
  const takesRows = graphSpec(manifest, mainGraph(manifest)).inputs[0]!.name === 'rows';
  const ofRows = operations.includes('encode') ? 'encode' : operations[0]!;
  const operation = takesRows || !operations.includes('decode') ? ofRows : 'decode';
  const body = new Float32Array(operation === 'decode' ? codeSize : features.count);
  const headers = { 'Content-Type': 'application/octet-stream', ...own };
  const url = apiAddress(base, `${path}/v1/models/${name}@${version}/${operation}`);
  return { url, init: { method: 'POST', headers, body } };
}
