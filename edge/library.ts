/** Models in a Worker of your own: an HTTP API to mount, and models to call. */
import { type Context, type Env, Hono } from 'hono';
import { cloneRawRequest } from 'hono/request';
import { basePath } from 'hono/route';
import type { Scope } from './access.ts';
import { type AppType, createApp } from './app.ts';
import { ModelService } from './calls/modelService.ts';
import type { Bindings, Mounting, RateLimiter, Services } from './environment.ts';
import { readModelSettings } from './models/modelSettings.ts';
import { Models, type ModelsOptions } from './models/models.ts';
import type { RowLogging } from './rowLog/policy.ts';
import { type Limits, readSettings, type Settings } from './settings.ts';

export type { ModelService, OpenModel } from './calls/modelService.ts';
export { type RemoteProblem, remoteProblem } from './calls/remoteProblem.ts';
export type * from './calls/types.ts';
export { ProblemError, type ProblemSlug } from './problems.ts';
export { rehearse } from './rehearsal.ts';
export { type RowLogging, readRowLogging } from './rowLog/policy.ts';
export { readSettings } from './settings.ts';

/** Settings that do not depend on how models are called. */
export interface ServiceOptions extends Pick<Bindings, 'analytics' | 'vectors' | 'jobs' | 'rows'> {
  /** Default: the defaults of the Worker's variables, as the page about deploying lists them. */
  readonly limits?: Partial<Limits>;
  readonly log?: Settings['log'];
  /** The rows of requests to keep for training, in `rows`; `readRowLogging(env)` reads them. Default: none. */
  readonly logRows?: RowLogging;
}

/** Sources of models, the runtime, and settings; those of the cache have defaults. */
export type CreateModelsOptions = ServiceOptions &
  Pick<Services, 'mcp'> &
  Omit<ModelsOptions, 'cacheBytes' | 'ttlMs'> &
  Partial<Pick<ModelsOptions, 'cacheBytes' | 'ttlMs'>>;

/**
 * Creates a service of models from any source, on any runtime. `workerModels` of `latentedge/edge/bundled`
 * opens the models that were bundled with the Worker.
 *
 * @example
 * const models = createModels({ bundled, runtime, keepAlive: waitUntil });
 */
export function createModels(options: CreateModelsOptions): ModelService {
  const { limits, log, logRows, analytics, vectors, jobs, rows, mcp, ...sources } = options;
  return new ModelService({
    models: new Models({ ...readModelSettings({}), ...sources }),
    settings: settingsOf(readSettings({}), { ...(limits && { limits }), ...(log && { log }) }),
    bindings: {
      ...(analytics && { analytics }),
      ...(vectors && { vectors }),
      ...(jobs && { jobs }),
      ...(rows && { rows }),
    },
    mcp,
    logRows,
    keepAlive: sources.keepAlive,
  });
}

/** The caller, as identified by the application. */
export interface AuthenticatedCaller {
  /** Name under which requests are counted and logged: one of a few, never text that a client chooses. */
  readonly name: string;
  /** Default: `infer`, for using models; `admin` is for /metrics and /admin. */
  readonly scopes?: readonly Scope[];
}

/** Returns the caller of a request; null refuses the request. */
export type Authenticate<E extends Env> = (
  c: Context<E>,
) => AuthenticatedCaller | null | Promise<AuthenticatedCaller | null>;

export interface LatentedgeOptions<E extends Env> extends Partial<Omit<Settings, 'limits'>> {
  readonly models: ModelService;
  /** Limits for requests over HTTP, in place of those of `models`. */
  readonly limits?: Partial<Limits>;
  readonly rateLimiter?: RateLimiter;
  /**
   * Who may call. `keys`, the default: callers with one of `apiKeys`; without any keys, those that `open`
   * admits. `none`: everyone whom the application's middleware lets through, except to /metrics and /admin. A
   * function: the callers that it returns.
   */
  readonly auth?: 'keys' | 'none' | Authenticate<E>;
}

/**
 * Creates the HTTP API as a Hono app: mount it in another app at any path, or export it as a Worker of its
 * own.
 *
 * @example
 * app.route('/ml', latentedge({ models, auth: (c) => (c.get('user') ? { name: 'web' } : null) }));
 *
 * @example
 * export default latentedge({ models, apiKeys });
 */
// biome-ignore lint/suspicious/noExplicitAny: the environment of the application, which only `auth` reads.
export function latentedge<E extends Env = any>(options: LatentedgeOptions<E>): AppType {
  const { auth = 'keys', ...rest } = options;
  const answer = answering(rest);
  const app = new Hono<E>().all('*', async (c) => {
    // Middleware of the application may have read the body, which Hono then keeps.
    const request = c.req.raw.bodyUsed ? await cloneRawRequest(c.req) : c.req.raw;
    return answer(request, mountingOf(c, auth), executionContext(c));
  });
  // Its only route handles every route of the API.
  return app as unknown as AppType;
}

/** Options of the API, however it is reached. */
export type AnsweringOptions = Omit<LatentedgeOptions<Env>, 'auth'>;

/**
 * Returns a function that answers requests, with no app around the API. Without a mounting, paths are those of the
 * Worker.
 */
export function answering({ models, rateLimiter, ...settings }: AnsweringOptions) {
  const { service } = models;
  const api = createApp({
    ...service,
    settings: settingsOf(service.settings, settings),
    bindings: { ...service.bindings, ...(rateLimiter && { rateLimiter }) },
  });
  let isWarm = false;
  return (
    request: Request,
    mounting: Mounting | undefined,
    context: Context['executionCtx'] | undefined,
  ): Promise<Response> => {
    const response = Promise.resolve(api.fetch(request, { mounting }, context));
    // If a client disconnects, its request would be stopped, although it may be loading a model that other
    // requests wait for. So every request runs to its end.
    context?.waitUntil(response);
    if (!isWarm) context?.waitUntil(response.then(() => warmUp(service.models)));
    isWarm = true;
    return response;
  };
}

function mountingOf<E extends Env>(c: Context<E>, auth: LatentedgeOptions<E>['auth']): Mounting {
  const path = basePath(c).replace(/\/$/, '');
  const local = c.req.path.slice(path.length) || '/';
  if (auth === 'keys' || auth === undefined) return { path, local };
  const authenticate = async () => {
    const caller = auth === 'none' ? { name: null } : await auth(c);
    return caller && { scopes: ['infer'] as const, ...caller };
  };
  return { path, local, authenticate };
}

/** Runs in a task of its own: the answer is on its way by then. */
async function warmUp(models: Models): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  // What fails here fails again, and is reported, when a request asks for it.
  await models.warmUp().catch(() => undefined);
}

/** Returns Hono's execution context; undefined outside Workers, where there is none. */
function executionContext(c: Context): Context['executionCtx'] | undefined {
  try {
    return c.executionCtx;
  } catch {
    return undefined;
  }
}

type GivenSettings = Partial<Omit<Settings, 'limits'>> & { readonly limits?: Partial<Limits> };

function settingsOf(settings: Settings, given: GivenSettings): Settings {
  const limits = { ...settings.limits, ...given.limits };
  const maxStreamedRows = Math.max(limits.maxRows, limits.maxStreamedRows);
  return { ...settings, ...given, limits: { ...limits, maxStreamedRows } };
}
