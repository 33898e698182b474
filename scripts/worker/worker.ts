/** Running a build of the Worker in workerd on this machine. */
import { join } from 'node:path';
import type { ModuleRuleType, WorkerdStructuredLog } from 'miniflare';
import type { Unstable_Config } from 'wrangler';
import { isLoopback } from '../../edge/access.ts';
import type { ModelBucket } from '../store/bucket.ts';
import { bucketDoor } from './bucketDoor.ts';
import { ENTRY, uploadedFiles, type WorkerBuild } from './build.ts';
import { requireMiniflare, requireWrangler } from './cloudflare.ts';
import { withJobs } from './jobsHere.ts';
import { portTaken } from './port.ts';
import { startMiniflare } from './supervisor.ts';
import { plainLog } from './workerdLog.ts';
import { readWorkerConfig } from './wranglerConfig.ts';
import { bucketsHere, readWorkerSettings } from './wranglerToml.ts';

export interface RunningWorker {
  readonly url: URL;
  /** Opens a bucket of the Worker. Default: `MODELS`, which it reads models from. */
  bucket(binding?: string): Promise<ModelBucket>;
  dispose(): Promise<void>;
}

export interface StartOptions {
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Default: 127.0.0.1, which only this machine reaches. */
  readonly host?: string;
  /** Receives each line that the Worker logs. Default: prints to stderr. */
  readonly log?: (line: string) => void;
  /** Variables that override those in wrangler.toml. */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * True for a Worker that others talk to, and that takes their keys: `API_KEYS` and `OPEN` of `.dev.vars`
   * and wrangler.toml. By default, only the command that starts it does, which has no key.
   */
  readonly takesKeys?: boolean;
  /** Folder of the model bucket. Default: a bucket that is empty at first and not kept. */
  readonly bucketFolder?: string;
  /** True if requests bypass Miniflare's proxy, and the router of static assets, which are left out. */
  readonly isDirect?: boolean;
  /** True for the bindings of wrangler.toml alone, without those that there always are on this machine. */
  readonly isBare?: boolean;
  /** Requests per minute and key or client, in place of the number in wrangler.toml. */
  readonly rateLimit?: number;
}

/**
 * Runs a build in workerd, with the compatibility date, rules, variables and buckets of wrangler.toml; on this
 * machine there always are buckets of models and of logged rows, and a loader of isolates.
 * @throws {InputError} if the port is in use.
 * @throws {Error} with the Worker's own log if it does not start, for instance because of an invalid
 * variable.
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
    takesKeys = false,
    bucketFolder,
    isDirect,
    isBare = false,
  } = options;
  // If the Worker does not start, workerd's log gives the reason: it is kept for the error until the Worker
  // runs.
  const startup: string[] = [];
  let receive = (line: string): void => {
    startup.push(line);
  };
  // Loaded only here, because it takes a second that commands without a Worker should not wait for.
  const { MiniflareCoreError } = requireMiniflare();
  const limiter = rateLimit !== undefined && {
    ...{ namespace_id: '1', simple: { limit: rateLimit, period: 60 as const } },
  };
  // In front of a Worker with assets stands a router, which is another Worker.
  const own = isDirect ? { ...build, assets: undefined } : build;
  const door = bucketDoor({
    ...(await workerOptions(own, { ...(await openTo(host)), ...variables }, { takesKeys, isBare })),
    ...(limiter && { ratelimits: { RATE_LIMITER: limiter } }),
    host,
    port,
    ...(isDirect && { unsafeDirectSockets: [{ host, port: 0 }] }),
    ...(bucketFolder !== undefined && { bucketFolder }),
    // Otherwise Miniflare fetches a sample of `request.cf` from the internet.
    cf: false,
    // A block body, because Miniflare refuses a handler that returns a value, as `log` may.
    handleStructuredLogs: ({ message }: WorkerdStructuredLog) => {
      receive(plainLog(message));
    },
  });
  const miniflare = startMiniflare(door.options);
  try {
    const proxied = await miniflare.ready;
    const url = isDirect ? await miniflare.unsafeGetDirectURL() : proxied;
    for (const line of startup) log(line);
    receive = log;
    return { url, bucket: (binding) => door.open(miniflare, binding), dispose: () => miniflare.dispose() };
  } catch (cause) {
    // Frees the processes, and then rejects once more with `cause`.
    await Promise.allSettled([miniflare.dispose()]);
    if (cause instanceof MiniflareCoreError && cause.code === 'ERR_ADDRESS_IN_USE') {
      throw portTaken(port, host, cause);
    }
    throw new Error(['the Worker did not start', ...startup].join('\n'), { cause });
  }
}

/** Variables of a Worker that answers this machine without a key. */
const KEYLESS = { API_KEYS: '[]', API_KEY: '', OPEN: 'local' };

/** Adds the buckets that there always are on this machine. */
async function withBucketsHere(config: Unstable_Config): Promise<Unstable_Config> {
  const isBound = (binding: string) =>
    [...config.r2_buckets, ...config.pipelines].some((each) => each.binding === binding);
  const here = (await bucketsHere()).filter(({ binding }) => !isBound(binding));
  return { ...config, r2_buckets: [...config.r2_buckets, ...here] };
}

/**
 * Returns Miniflare's options for a build, with the compatibility date, rules, variables and bindings of
 * wrangler.toml, buckets of models and of logged rows, and a loader of isolates; with the variables for keys only if
 * `takesKeys`. With `isBare`, there are no bindings but those of wrangler.toml.
 */
export async function workerOptions(
  build: WorkerBuild,
  variables?: StartOptions['variables'],
  { takesKeys = false, isBare = false }: Pick<StartOptions, 'takesKeys' | 'isBare'> = {},
) {
  // Otherwise Wrangler prints to stdout that it reads .dev.vars; stdout belongs to the command.
  process.env.WRANGLER_LOG ??= 'warn';
  const { unstable_getMiniflareWorkerOptions } = requireWrangler();
  const config = await readWorkerConfig();
  const bound = isBare ? config : await withJobs(await withBucketsHere(config), join(build.directory, ENTRY));
  const { workerOptions } = unstable_getMiniflareWorkerOptions({ ...bound, assets: build.assets });
  const { modulesRules = [], bindings, workerLoaders, ...worker } = workerOptions;
  const files = await uploadedFiles(build.directory);
  const modules = files.map((file) => ({
    type: moduleType(file, modulesRules),
    path: join(build.directory, file),
  }));
  return {
    ...worker,
    modules,
    modulesRoot: build.directory,
    workerLoaders: { ...workerLoaders, ...(!isBare && { LOADER: {} }) },
    bindings: { ...bindings, ...(!takesKeys && KEYLESS), ...variables },
  };
}

/**
 * A Worker that other machines can reach cannot recognise local clients, so `OPEN = "local"` becomes `false`.
 */
async function openTo(host: string): Promise<{ OPEN?: string }> {
  const { OPEN } = (await readWorkerSettings()).vars;
  return OPEN === 'local' && !isLoopback(host) ? { OPEN: 'false' } : {};
}

/**
 * Returns the type that Wrangler's rules give a module. All rules have the form "any folder, this extension".
 */
function moduleType(
  file: string,
  rules: readonly { type: ModuleRuleType; include: readonly string[] }[],
): ModuleRuleType {
  if (file === ENTRY) return 'ESModule';
  const rule = rules.find(({ include }) => include.some((glob) => file.endsWith(glob.replace('**/*', ''))));
  if (!rule) throw new Error(`no rule in wrangler.toml gives the module type of ${file}`);
  return rule.type;
}
