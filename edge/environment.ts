/** Bindings of the Worker, and the context that every request carries. */
import type { Context } from 'hono';
import type { Scope } from './access.ts';
import type { Hold, InFlight } from './inFlight.ts';
import { type JobBindings, readJobBindings } from './jobBindings.ts';
import type { Models } from './models/models.ts';
import type { RowLog } from './rowLog/rowLog.ts';
import type { RowsBinding } from './rowLog/sink.ts';
import type { Limits, Settings } from './settings.ts';
import type { Shadowing } from './shadow/shadowing.ts';
import type { AnalyticsDataset } from './telemetry/analytics.ts';
import type { Drift } from './telemetry/drift.ts';
import type { Inferences } from './telemetry/inferences.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { RequestRecord } from './telemetry/record.ts';
import type { Shadows } from './telemetry/shadows.ts';

/** Optional Cloudflare services, bound in wrangler.toml. */
export interface Bindings {
  readonly rateLimiter?: RateLimiter;
  readonly analytics?: AnalyticsDataset;
  readonly vectors?: VectorizeIndex;
  /** Jobs are off unless all of them are there. */
  readonly jobs?: Partial<JobBindings>;
  /** Where rows of requests, and labels, are kept for training. */
  readonly rows?: RowsBinding;
}

/** The Workers rate limiting binding: counts `key`, and reports if it is still within the limit. */
export interface RateLimiter {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/**
 * The part of Cloudflare's Vectorize binding used here:
 * https://developers.cloudflare.com/vectorize/reference/client-api/
 */
export interface VectorizeIndex {
  queryById(
    id: string,
    options: { topK: number; namespace: string; returnValues: false; returnMetadata: 'none' },
  ): Promise<{ matches: readonly { id: string; score: number }[] }>;
}

/** Answers a message of the Model Context Protocol; `origins` are those whose pages may send one. */
export type McpHandler = (c: Context<AppEnvironment>, origins: Settings['corsOrigins']) => Promise<Response>;

/** Services that the app is created from. */
export interface Services {
  readonly models: Models;
  readonly settings: Settings;
  readonly bindings?: Bindings;
  /** Counts of this isolate, including calls that do not come over HTTP. */
  readonly metrics?: Metrics;
  readonly drift?: Drift;
  readonly inFlight?: InFlight;
  readonly inferences?: Inferences;
  readonly shadows?: Shadows;
  /** Absent if no rows are logged. */
  readonly rowLog?: RowLog | undefined;
  /** Copies requests to shadows. */
  readonly shadowing?: Shadowing;
  /** Loads what answers `/mcp`; absent in Workers that were built without it. */
  readonly mcp?: (() => Promise<McpHandler>) | undefined;
}

/** The place of the app inside another app. */
export interface Mounting {
  /** The path that it is mounted at, without a slash at the end; empty for the root. */
  readonly path: string;
  /** The path of the request below that. */
  readonly local: string;
  /** Returns the caller, in place of API keys; null refuses the request. */
  readonly authenticate?: () => Promise<Pick<Caller, 'name' | 'scopes'> | null>;
}

/** The caller of a request. */
export interface Caller {
  /** The name of the caller's key, or null without a key. */
  readonly name: string | null;
  readonly scopes: readonly Scope[];
  /** True for a caller without a key on the machine that the Worker runs on. */
  readonly isLocal: boolean;
}

/** Variables in the context of every request: `c.var.models`, `c.var.record` ... */
export interface RequestVariables {
  models: Models;
  limits: Limits;
  caller: Caller;
  /** Facts about this request, recorded as they become known. */
  record: RequestRecord;
  /** Counters of the requests that this isolate has answered. */
  metrics: Metrics;
  /** The index of item vectors outside the Worker, if one is bound. */
  vectors: VectorizeIndex | undefined;
  /** Drift of the rows that this isolate has seen from the training rows. */
  drift: Drift;
  /** Counters of the inference protocol. */
  inferences: Inferences;
  /** The log of rows, if any model is logged. */
  rowLog: RowLog | undefined;
  /** Copies requests to shadows. */
  shadowing: Shadowing | undefined;
  /** Counters of what was copied. */
  shadows: Shadows;
  /** The bytes and rows that this isolate holds for all requests. */
  inFlight: InFlight;
  /** The bytes and rows that it holds for this one; set once the caller is authorized. */
  hold: Hold;
}

/** Returns all of them. `c.var` makes a new object of a map on each access, which takes a while. */
export function variablesOf(c: Context<AppEnvironment>): RequestVariables {
  return {
    models: c.get('models'),
    limits: c.get('limits'),
    caller: c.get('caller'),
    record: c.get('record'),
    metrics: c.get('metrics'),
    vectors: c.get('vectors'),
    drift: c.get('drift'),
    inferences: c.get('inferences'),
    rowLog: c.get('rowLog'),
    shadowing: c.get('shadowing'),
    shadows: c.get('shadows'),
    inFlight: c.get('inFlight'),
    hold: c.get('hold'),
  };
}

/** Hono's environment for every route. */
export interface AppEnvironment {
  /** Given with each request if the app is mounted in another one. */
  Bindings: { mounting?: Mounting };
  Variables: RequestVariables;
}

/** The features that are off without each binding, in words for the log. None is needed to start. */
const WITHOUT = {
  MODELS: 'only the bundled models are served',
  RATE_LIMITER: 'requests are not limited',
  ANALYTICS: 'no data points are written to Analytics Engine',
  JOBS_BUCKET: 'there are no jobs',
  ROWS: 'no rows are logged and no labels taken',
} as const;

/** Returns a sentence about the bindings that a Worker lacks; undefined if it has all of them. */
export function absentBindings(variables: Readonly<Record<string, unknown>>): string | undefined {
  const absent = Object.entries(WITHOUT).filter(([name]) => variables[name] === undefined);
  if (absent.length === 0) return undefined;
  const parts = absent.map(([name, effect]) => `without ${name}, ${effect}`);
  return `bindings that wrangler.toml does not have: ${parts.join('; ')}`;
}

/**
 * Returns the bindings among the Worker's variables.
 *
 * @example
 * import { env } from 'cloudflare:workers';
 *
 * const { rateLimiter } = readBindings(env);
 */
export function readBindings(variables: Readonly<Record<string, unknown>>): Bindings {
  // Cloudflare creates these from wrangler.toml, which fixes their types.
  const rateLimiter = variables.RATE_LIMITER as RateLimiter | undefined;
  const analytics = variables.ANALYTICS as AnalyticsDataset | undefined;
  const vectors = variables.VECTORS as VectorizeIndex | undefined;
  const rows = variables.ROWS as RowsBinding | undefined;
  return {
    jobs: readJobBindings(variables),
    ...(rateLimiter && { rateLimiter }),
    ...(analytics && { analytics }),
    ...(vectors && { vectors }),
    ...(rows && { rows }),
  };
}
