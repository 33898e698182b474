/** Building the Worker exactly as it would be uploaded, and running that build in workerd on this machine. */
import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ModuleRuleType, WorkerdStructuredLog } from 'miniflare';
import { isLoopback } from '../../edge/access.ts';
import type { ModelBucket } from '../store/publish.ts';
import { requireMiniflare, requireWrangler, wranglerPackage } from './cloudflare.ts';
import { portTaken } from './port.ts';
import { readWorkerConfig, writeWorkerConfig } from './wranglerConfig.ts';
import { readWorkerSettings } from './wranglerToml.ts';

/** The Worker's entry module in a build. */
const ENTRY = 'index.js';

export interface WorkerBuild {
  /** Holds the entry `index.js`, its source map, and the modules it imports. */
  readonly directory: string;
  /** Bytes of everything that is uploaded (the source map is not). */
  readonly bytes: number;
  /** The same, compressed together as Wrangler does to check Cloudflare's limits (3 MiB free, 10 MiB paid). */
  readonly gzipBytes: number;
}

export interface RunningWorker {
  readonly url: URL;
  /** The bucket that the Worker reads models from. */
  bucket(): Promise<ModelBucket>;
  dispose(): Promise<void>;
}

export interface StartOptions {
  /** 0, the default, is any free port. */
  readonly port?: number;
  /** Default 127.0.0.1: only this machine. */
  readonly host?: string;
  /** Receives what the Worker logs. Default: stderr. */
  readonly log?: (line: string) => void;
  /** Variables in place of those in wrangler.toml. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The folder that holds the bucket of models. Default: it is empty, and forgotten at the end. */
  readonly bucketFolder?: string;
  /** Whether requests reach the Worker without what Miniflare puts in front of it. */
  readonly isDirect?: boolean;
  /** Requests a minute for each key or client, in place of the number in wrangler.toml. */
  readonly rateLimit?: number;
}

/**
 * Runs `wrangler deploy --dry-run` into `outDir` with the models module that `bundleModels` wrote. Needs no network
 * and no account, and sends no telemetry.
 * @param main The entry; default: that of wrangler.toml.
 * @throws {Error} with Wrangler's output where it refuses to build.
 *
 * @example
 * const build = await buildWorker('artifacts/worker', await bundleModels(artifacts, 'artifacts/bundle'));
 */
export async function buildWorker(outDir: string, modelsPath: string, main?: string): Promise<WorkerBuild> {
  const directory = resolve(outDir, 'upload');
  await rm(outDir, { recursive: true, force: true });
  const config = await writeWorkerConfig(outDir, modelsPath, main);
  const { command, args, env } = wrangler(['deploy', '--dry-run', '--config', config, '--outdir', directory]);
  try {
    await promisify(execFile)(command, args, { env });
  } catch (cause) {
    throw new Error('wrangler could not build the Worker', { cause });
  }
  const uploaded = await Promise.all(
    (await uploadedFiles(directory)).map((file) => readFile(join(directory, file))),
  );
  const whole = Buffer.concat(uploaded);
  return { directory, bytes: whole.length, gzipBytes: (await promisify(gzip)(whole)).length };
}

/** How to run this project's wrangler: silently, but for what it is asked. */
export function wrangler(flags: readonly string[]) {
  const args = [join(dirname(wranglerPackage()), 'bin', 'wrangler.js'), ...flags];
  // The banner would ask the npm registry for a newer version.
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' };
  return { command: process.execPath, args, env };
}

/**
 * Runs a build in workerd, with the compatibility date, rules, variables and buckets of wrangler.toml.
 * @throws {InputError} where the port is taken.
 * @throws {Error} with the Worker's own log where it does not start, for instance because of a wrong variable.
 *
 * @example
 * const worker = await startWorker(build, { port: 8787 });
 * await fetch(new URL('/health', worker.url));
 * await worker.dispose();
 */
export async function startWorker(build: WorkerBuild, options: StartOptions = {}): Promise<RunningWorker> {
  const {
    port = 0,
    host = '127.0.0.1',
    log = (line) => process.stderr.write(`${line}\n`),
    variables,
    rateLimit,
    bucketFolder,
    isDirect,
  } = options;
  // Until the Worker runs, what workerd says is the reason why it does not: for the error, not for the log.
  const startup: string[] = [];
  let receive = (line: string): void => {
    startup.push(line);
  };
  // Only when a Worker is started: it takes a second, for which no other command waits.
  const { Miniflare, MiniflareCoreError } = requireMiniflare();
  const miniflare = new Miniflare({
    ...(await workerOptions(build, { ...(await openTo(host)), ...variables })),
    ...(rateLimit === undefined
      ? {}
      : { ratelimits: { RATE_LIMITER: { simple: { limit: rateLimit, period: 60 } } } }),
    host,
    port,
    ...(isDirect && { unsafeDirectSockets: [{ host, port: 0 }] }),
    ...(bucketFolder !== undefined && { r2Persist: resolve(bucketFolder) }),
    // Without this, Miniflare fetches a sample of `request.cf` from the internet.
    cf: false,
    // A block: Miniflare refuses a handler that returns anything, and `log` may.
    handleStructuredLogs: ({ message }: WorkerdStructuredLog) => {
      receive(message);
    },
  });
  try {
    const proxied = await miniflare.ready;
    const url = isDirect ? await miniflare.unsafeGetDirectURL() : proxied;
    for (const line of startup) log(line);
    receive = log;
    // Miniflare's types need those of the Workers runtime, which are not installed.
    const bucket = async () => (await miniflare.getR2Bucket('MODELS')) as unknown as ModelBucket;
    return { url, bucket, dispose: () => miniflare.dispose() };
  } catch (cause) {
    // Frees what was started, and then rejects again with `cause`.
    await Promise.allSettled([miniflare.dispose()]);
    if (cause instanceof MiniflareCoreError && cause.code === 'ERR_ADDRESS_IN_USE') {
      throw portTaken(port, host, cause);
    }
    throw new Error(['the Worker did not start', ...startup].join('\n'), { cause });
  }
}

/** A build as Miniflare takes it, with the compatibility date, rules, variables and bindings of wrangler.toml. */
export async function workerOptions(build: WorkerBuild, variables?: StartOptions['variables']) {
  // Wrangler would say on stdout that it reads .dev.vars; stdout is for what commands print themselves.
  process.env.WRANGLER_LOG ??= 'warn';
  const { unstable_getMiniflareWorkerOptions } = requireWrangler();
  const { workerOptions } = unstable_getMiniflareWorkerOptions(await readWorkerConfig());
  const { modulesRules = [], bindings, ...worker } = workerOptions;
  const files = await uploadedFiles(build.directory);
  const modules = files.map((file) => ({
    type: moduleType(file, modulesRules),
    path: join(build.directory, file),
  }));
  return { ...worker, modules, modulesRoot: build.directory, bindings: { ...bindings, ...variables } };
}

/** A Worker that other machines reach cannot tell who is local: without keys, it is open to all of them or to nobody. */
async function openTo(host: string): Promise<{ OPEN?: string }> {
  const { OPEN } = (await readWorkerSettings()).vars;
  return OPEN === 'local' && !isLoopback(host) ? { OPEN: 'false' } : {};
}

/** The files of a build that are uploaded, the entry first. */
export async function uploadedFiles(directory: string): Promise<string[]> {
  const files = (await readdir(directory)).filter((file) => !file.endsWith('.map') && file !== 'README.md');
  return [ENTRY, ...files.filter((file) => file !== ENTRY).sort()];
}

/** The type that Wrangler's rules give a module; all of them are of the form "any folder, this extension". */
function moduleType(
  file: string,
  rules: readonly { type: ModuleRuleType; include: readonly string[] }[],
): ModuleRuleType {
  if (file === ENTRY) return 'ESModule';
  const rule = rules.find(({ include }) => include.some((glob) => file.endsWith(glob.replace('**/*', ''))));
  if (!rule) throw new Error(`no rule of wrangler.toml says what kind of module ${file} is`);
  return rule.type;
}
