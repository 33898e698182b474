/**
 * Settings of the API, from the Worker's variables (`[vars]` and secrets; wrangler.toml lists them), checked
 * at start.
 */
import * as z from 'zod';
import { SCOPES } from './access.ts';
import { Count, json, readVariables, Seconds } from './variables.ts';

/** One entry of `API_KEYS`. The key itself is never stored. */
export const ApiKey = z.strictObject({
  /**
   * The name that requests are counted and logged under. Two keys may share it while one replaces the other.
   */
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a key name is lower-case letters and digits, joined by hyphens'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits'),
  scopes: z.array(z.enum(SCOPES)).min(1),
});

/** Shorter ones can be guessed. */
const MIN_KEY_LENGTH = 20;

/** The secret `API_KEY`: a key as clients send it, in one piece. Empty is none: a form may be sent without it. */
const PlainKey = z
  .string()
  .trim()
  .regex(
    new RegExp(`^(\\S{${MIN_KEY_LENGTH},})?$`),
    `expected at least ${MIN_KEY_LENGTH} characters without spaces, for instance of "openssl rand -hex 32"`,
  )
  .transform((key) => key || undefined);

const Variables = z.object({
  MAX_ROWS: Count.default(1024),
  MAX_STREAMED_ROWS: Count.default(65_536),
  MAX_BODY_BYTES: Count.default(8 * 1024 * 1024),
  MAX_IN_FLIGHT_BYTES: Count.default(32 * 1024 * 1024),
  MAX_QUEUED_ROWS: Count.default(16_384),
  MAX_SECONDS: Seconds.default(30),
  API_KEYS: json(z.array(ApiKey)).default([]),
  API_KEY: PlainKey.optional(),
  LOCAL_KEY: json(ApiKey).optional(),
  OPEN: z.enum(['local', 'true', 'false']).default('local'),
  LOG: z.enum(['requests', 'problems', 'errors']).default('requests'),
  MCP: z.enum(['on', 'off']).default('off'),
  CORS_ORIGINS: z.string().transform(readOrigins).default([]),
  PLAYGROUND: z.enum(['on', 'off']).default('on'),
  ASSETS: z.unknown().optional(),
});

export interface Limits {
  /** Rows answered in one piece. */
  readonly maxRows: number;
  /** Rows in one request, answered as a stream; at least `maxRows`. */
  readonly maxStreamedRows: number;
  /** Bytes in one request's body. */
  readonly maxBodyBytes: number;
  /** Bytes of bodies and answers that an isolate holds at one time. */
  readonly maxInFlightBytes: number;
  /** Rows that wait to be run in an isolate at one time. */
  readonly maxQueuedRows: number;
  /** Seconds until a request is answered. */
  readonly maxSeconds: number;
}

export type ApiKey = z.infer<typeof ApiKey>;

export interface Settings {
  readonly limits: Limits;
  readonly apiKeys: readonly ApiKey[];
  /** A key with every scope, as clients send it: what a form can ask for. Its caller is called `owner`. */
  readonly apiKey?: string;
  /** A key of a Worker on this machine, which leaves it as open as it is without keys. */
  readonly localKey?: ApiKey;
  /**
   * Who may use the models without a key, while none is configured: this machine only, everybody, or nobody.
   */
  readonly open: 'local' | 'true' | 'false';
  /** Origins whose pages may read answers; `*` for every origin. */
  readonly corsOrigins: '*' | readonly string[];
  /** True if `/mcp` offers the models to clients of the Model Context Protocol, in a Worker that was built with it. */
  readonly mcp: boolean;
  /** Requests to log: all, only those answered with a problem, or none; errors of the Worker are always logged. */
  readonly log: 'requests' | 'problems' | 'errors';
  /** True if the Worker's static assets hold the playground, at `playground/` below the API. */
  readonly playground: boolean;
}

/**
 * Reads the Worker's variables; a variable that is not set has its default.
 * @throws {Error} naming the variable and what is wrong with it, never its value: it may be a secret.
 *
 * @example
 * const { limits } = readSettings({ MAX_ROWS: '64' });
 */
export function readSettings(variables: unknown): Settings {
  const { API_KEYS, API_KEY, LOCAL_KEY, OPEN, LOG, CORS_ORIGINS, MCP, PLAYGROUND, ASSETS, ...limits } =
    readVariables(Variables, variables);
  return {
    limits: {
      maxRows: limits.MAX_ROWS,
      maxStreamedRows: Math.max(limits.MAX_ROWS, limits.MAX_STREAMED_ROWS),
      maxBodyBytes: limits.MAX_BODY_BYTES,
      maxInFlightBytes: limits.MAX_IN_FLIGHT_BYTES,
      maxQueuedRows: limits.MAX_QUEUED_ROWS,
      maxSeconds: limits.MAX_SECONDS,
    },
    apiKeys: API_KEYS,
    ...(API_KEY && { apiKey: API_KEY }),
    ...(LOCAL_KEY && { localKey: LOCAL_KEY }),
    open: OPEN,
    corsOrigins: CORS_ORIGINS,
    mcp: MCP === 'on',
    log: LOG,
    // The binding is there only if the Worker has static assets.
    playground: PLAYGROUND === 'on' && ASSETS !== undefined,
  };
}

function readOrigins(text: string, context: z.RefinementCtx): '*' | string[] {
  if (text.trim() === '*') return '*';
  const origins = text.split(',').map((origin) => origin.trim());
  const named = origins.filter((origin) => origin !== '');
  for (const origin of named) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    const message = `expected origins such as https://example.com, or *; received ${JSON.stringify(origin)}`;
    context.addIssue({ code: 'custom', message });
  }
  return named;
}
