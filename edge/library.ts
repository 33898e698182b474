/** Serving models as a part of one's own Worker: an HTTP API to mount, and models to call. */
import { type Context, type Env, Hono } from 'hono';
import { cloneRawRequest } from 'hono/request';
import { basePath } from 'hono/route';
import type { Scope } from './access.ts';
import { type AppType, createApp } from './app.ts';
import { ModelService } from './calls/modelService.ts';
import type { Bindings, Mounting, RateLimiter } from './environment.ts';
import { readModelSettings } from './models/modelSettings.ts';
import { Models, type ModelsOptions } from './models/models.ts';
import { type Limits, readSettings, type Settings } from './settings.ts';

export type { ModelService, OpenModel } from './calls/modelService.ts';
export { type RemoteProblem, remoteProblem } from './calls/remoteProblem.ts';
export type * from './calls/types.ts';
export { ProblemError, type ProblemSlug } from './problems.ts';
export { readSettings } from './settings.ts';

/** Settings that do not depend on how models are called. */
export interface ServiceOptions extends Pick<Bindings, 'analytics' | 'vectors'> {
  /** Default: those of the Worker's variables, as the page about serving lists them. */
  readonly limits?: Partial<Limits>;
  readonly log?: Settings['log'];
}

/** Where models come from, what runs them, and settings; those of the cache have defaults. */
export type CreateModelsOptions = ServiceOptions &
  Omit<ModelsOptions, 'cacheBytes' | 'ttlMs'> &
  Partial<Pick<ModelsOptions, 'cacheBytes' | 'ttlMs'>>;

/**
 * Models of any source on any runtime; `workerModels` of `latentedge/edge/bundled` opens those that were bundled with the
 * Worker.
 *
 * @example
 * const models = createModels({ bundled, runtime, keepAlive: waitUntil });
 */
export function createModels(options: CreateModelsOptions): ModelService {
  const { limits, log, analytics, vectors, ...sources } = options;
  return new ModelService({
    models: new Models({ ...readModelSettings({}), ...sources }),
    settings: settingsOf(readSettings({}), { ...(limits && { limits }), ...(log && { log }) }),
    bindings: { ...(analytics && { analytics }), ...(vectors && { vectors }) },
  });
}

/** Who asks, as the application knows it. */
export interface AuthenticatedCaller {
  /** Name under which requests are counted and logged: one of few, never text that a client chooses. */
  readonly name: string;
  /** Default: `infer`, which is to use models; `admin` is for /metrics and /admin. */
  readonly scopes?: readonly Scope[];
}

/** Tells who asks; null for whoever may not. */
export type Authenticate<E extends Env> = (
  c: Context<E>,
) => AuthenticatedCaller | null | Promise<AuthenticatedCaller | null>;

export interface LatentedgeOptions<E extends Env> extends Partial<Omit<Settings, 'limits'>> {
  readonly models: ModelService;
  /** In place of those of `models`, for requests over HTTP. */
  readonly limits?: Partial<Limits>;
  readonly rateLimiter?: RateLimiter;
  /**
   * Who may ask. `keys`, the default: who has one of `apiKeys`, or where there are none, as `open` says. `none`: everybody
   * whom the middleware of the application lets through, but not for /metrics and /admin. A function: whom it names.
   */
  readonly auth?: 'keys' | 'none' | Authenticate<E>;
}

/**
 * The HTTP API as a Hono app: mounted in another one at any path, or a Worker by itself.
 *
 * @example
 * app.route('/ml', latentedge({ models, auth: (c) => (c.get('user') ? { name: 'web' } : null) }));
 *
 * @example
 * export default latentedge({ models, apiKeys });
 */
// biome-ignore lint/suspicious/noExplicitAny: the environment of the application, which only `auth` looks at.
export function latentedge<E extends Env = any>(options: LatentedgeOptions<E>): AppType {
  const { models, rateLimiter, auth = 'keys', ...settings } = options;
  const { service } = models;
  const api = createApp({
    ...service,
    settings: settingsOf(service.settings, settings),
    bindings: { ...service.bindings, ...(rateLimiter && { rateLimiter }) },
  });
  const app = new Hono<E>().all('*', async (c) => {
    const mounting = mountingOf(c, auth);
    // Middleware of the application may have read the body, which Hono then keeps.
    const request = c.req.raw.bodyUsed ? await cloneRawRequest(c.req) : c.req.raw;
    const context = executionContext(c);
    const response = api.fetch(request, { mounting }, context);
    // A request whose client hangs up is stopped where it is. It may be loading the model that others wait for, so
    // every request runs to its end.
    context?.waitUntil(Promise.resolve(response));
    return response;
  });
  // Its one route stands for all that the API has.
  return app as unknown as AppType;
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

/** Undefined outside of Workers, where Hono has none. */
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
