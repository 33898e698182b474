import type { Scope } from './access.ts';
import type { Models } from './models/models.ts';
import type { Limits, Settings } from './settings.ts';
import type { AnalyticsDataset } from './telemetry/analytics.ts';
import type { Drift } from './telemetry/drift.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { RequestRecord } from './telemetry/record.ts';

/** Cloudflare's services that the Worker uses where they are bound to it (wrangler.toml); it works without any. */
export interface Bindings {
  readonly rateLimiter?: RateLimiter;
  readonly analytics?: AnalyticsDataset;
  readonly vectors?: VectorizeIndex;
}

/** The Workers rate limiting binding: counts `key`, and says whether it is still within the limit. */
export interface RateLimiter {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/** The part of Cloudflare's Vectorize binding that is used: https://developers.cloudflare.com/vectorize/reference/client-api/ */
export interface VectorizeIndex {
  queryById(
    id: string,
    options: { topK: number; namespace: string; returnValues: false; returnMetadata: 'none' },
  ): Promise<{ matches: readonly { id: string; score: number }[] }>;
}

/** What the app is made of. */
export interface Services {
  readonly models: Models;
  readonly settings: Settings;
  readonly bindings?: Bindings;
  /** What this isolate has counted; models that are called in other ways than over HTTP count here too. */
  readonly metrics?: Metrics;
  readonly drift?: Drift;
}

/** How an app that is part of another one is reached. */
export interface Mounting {
  /** The path that it is mounted at, without a slash at the end; empty for the root. */
  readonly path: string;
  /** The path of the request below that. */
  readonly local: string;
  /** Tells who asks, in place of API keys: null for whoever may not. */
  readonly authenticate?: () => Promise<Pick<Caller, 'name' | 'scopes'> | null>;
}

/** Who asks. */
export interface Caller {
  /** The name of their key, or null without one. */
  readonly name: string | null;
  readonly scopes: readonly Scope[];
  /** Asks without a key from the machine that the Worker runs on. */
  readonly isLocal: boolean;
}

/** What is in every request's context: `c.var.models`, `c.var.record` ... */
export interface RequestVariables {
  models: Models;
  limits: Limits;
  /** Who asks. */
  caller: Caller;
  /** What this request turns out to be; whoever knows something writes it here. */
  record: RequestRecord;
  /** What this isolate has answered so far. */
  metrics: Metrics;
  /** Where item vectors are held beside the Worker, if anywhere. */
  vectors: VectorizeIndex | undefined;
  /** How the rows that this isolate has seen differ from those of training. */
  drift: Drift;
}

/** Hono's environment for every route. */
export interface AppEnvironment {
  /** What the app is told of a request besides the request itself; nothing where it is an app of its own. */
  Bindings: { mounting?: Mounting };
  Variables: RequestVariables;
}

/**
 * The bindings that there are among the Worker's variables.
 *
 * @example
 * import { env } from 'cloudflare:workers';
 *
 * const { rateLimiter } = readBindings(env);
 */
export function readBindings(variables: Readonly<Record<string, unknown>>): Bindings {
  // Cloudflare makes these from wrangler.toml, which says what they are.
  const rateLimiter = variables.RATE_LIMITER as RateLimiter | undefined;
  const analytics = variables.ANALYTICS as AnalyticsDataset | undefined;
  const vectors = variables.VECTORS as VectorizeIndex | undefined;
  return {
    ...(rateLimiter && { rateLimiter }),
    ...(analytics && { analytics }),
    ...(vectors && { vectors }),
  };
}
