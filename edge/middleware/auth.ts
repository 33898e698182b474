/** Authentication and authorization by API keys (RFC 6750: bearer tokens). */
import type { Context } from 'hono';
import { isLocalRequest, requiredScope, SCOPES, type Scope } from '../access.ts';
import type { AppEnvironment, Caller, Mounting } from '../environment.ts';
import { mountingOf } from '../mounting.ts';
import { ProblemError } from '../problems.ts';
import type { Settings } from '../settings.ts';
import type { Stage } from './stages.ts';

/**
 * While no key is configured, this machine may use the models. Administration takes a key even here: a proxy
 * on this machine cannot be recognized with certainty.
 */
const LOCAL: Caller = { name: null, scopes: ['infer'], isLocal: true };
/** With OPEN = "true", everybody may use the models; administration still takes a key. */
const ANYBODY: Caller = { name: null, scopes: ['infer'], isLocal: false };
const NOBODY: Caller = { name: null, scopes: [], isLocal: false };
/** The holder of the one key that is configured as it is. */
const OWNER: Caller = { name: 'owner', scopes: SCOPES, isLocal: false };

interface KnownKey {
  /** SHA-256 of the key. */
  readonly hash: Uint8Array;
  readonly caller: Caller;
}

/**
 * Sets `c.var.caller`. Refuses nobody yet, so that the rate limit also counts requests that will be refused.
 *
 * @example
 * app.use(inStages([identify(settings)]));
 */
export function identify(settings: Settings): Stage {
  const { apiKeys, apiKey, localKey, open } = settings;
  const entries: readonly KnownKey[] = [...apiKeys, ...(localKey ? [localKey] : [])].map(
    ({ name, sha256, scopes }) => ({
      hash: bytesOfHex(sha256),
      caller: { name, scopes, isLocal: false },
    }),
  );
  const withoutKeys = (request: Request): Caller => {
    if (open === 'true') return ANYBODY;
    return open === 'local' && isLocalRequest(request) ? LOCAL : NOBODY;
  };
  // Within a request: hashing is asynchronous, and an isolate may not wait for anything when it starts.
  const known = async (): Promise<readonly KnownKey[]> =>
    apiKey === undefined ? entries : [...entries, { hash: await hashOf(apiKey), caller: OWNER }];
  const unknown = ({ path, raw }: Context['req']): Caller =>
    // Who asks for what is public need not be known.
    hasKeys(settings) || requiredScope(path) === null ? NOBODY : withoutKeys(raw);
  const callerBy = (c: Context): Caller | Promise<Caller> => {
    const { authenticate } = mountingOf(c) ?? {};
    if (authenticate) return byOthers(authenticate, c.req.path);
    const key = presentedKey(c.req.raw);
    return key === undefined
      ? unknown(c.req)
      : known()
          .then((keys) => callerOf(key, keys))
          .then((found) => found ?? unknown(c.req));
  };
  const identified = (c: Context<AppEnvironment>, caller: Caller): void => {
    c.set('caller', caller);
    c.get('record').key = caller.name;
  };
  return {
    before: (c) => {
      const caller = callerBy(c);
      // Who sends no key need not be waited for.
      if (caller instanceof Promise) return caller.then((found) => identified(c, found));
      return identified(c, caller);
    },
  };
}

/**
 * Refuses callers without the scope of the path. OPTIONS needs no scope: browsers send it without a key.
 * @throws {ProblemError} `unauthorized` without a known key, `forbidden` for a key without the scope.
 *
 * @example
 * app.use(inStages([identify(settings), authorize(settings)]));
 */
export function authorize(settings: Settings): Stage {
  return {
    before: (c) => {
      const scope = requiredScope(c.req.path);
      const caller = c.get('caller');
      if (scope !== null && !caller.scopes.includes(scope) && c.req.method !== 'OPTIONS') {
        throw caller.name === null ? unauthorized(c, settings) : forbidden(c, caller.name, scope);
      }
    },
  };
}

/** Returns the caller that the application around this API has identified. */
async function byOthers(authenticate: NonNullable<Mounting['authenticate']>, path: string): Promise<Caller> {
  const caller = requiredScope(path) === null ? null : await authenticate();
  return caller === null ? NOBODY : { name: caller.name, scopes: caller.scopes, isLocal: false };
}

/**
 * Reads `Authorization: Bearer <key>` or `X-API-Key: <key>`; the scheme is case-insensitive (RFC 9110,
 * section 11.1).
 */
function presentedKey({ headers }: Request): string | undefined {
  const authorization = headers.get('Authorization');
  const bearer = authorization === null ? undefined : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  return bearer ?? headers.get('X-API-Key') ?? undefined;
}

/**
 * Compares with every known key, so that the time taken reveals neither which key matched nor how much of it.
 */
async function callerOf(key: string, known: readonly KnownKey[]): Promise<Caller | undefined> {
  if (known.length === 0) return undefined;
  const digest = await hashOf(key);
  let found: Caller | undefined;
  for (const { hash, caller } of known) if (areEqual(digest, hash)) found = caller;
  return found;
}

async function hashOf(key: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
}

/** True if a key is configured, so that callers without one are refused. That of a local Worker does not count. */
function hasKeys({ apiKeys, apiKey }: Settings): boolean {
  return apiKeys.length > 0 || apiKey !== undefined;
}

/** Compares in constant time. */
function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = 0;
  for (let i = 0; i < b.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}

function unauthorized(c: Context, settings: Settings): ProblemError {
  const isMissing = presentedKey(c.req.raw) === undefined;
  if (mountingOf(c)?.authenticate) {
    const detail = 'The application that this API is part of does not allow this request.';
    return new ProblemError('unauthorized', { detail }, { headers: { 'WWW-Authenticate': 'Bearer' } });
  }
  const detail = !hasKeys(settings)
    ? 'This Worker has no API keys, so models answer only requests that come from its own machine, through no proxy and over a connection that stays open; /admin and /metrics take a key. Send the key that the command "serve" printed, as "X-API-Key: <key>"; or create one with the command "key" of latentedge, and store its entry in the secret API_KEYS, or store a long random text in the secret API_KEY.'
    : isMissing
      ? 'Send an API key as "Authorization: Bearer <key>" or "X-API-Key: <key>".'
      : 'The API key is unknown.';
  // RFC 6750, section 3.1: no error code for a request without credentials.
  const challenge = isMissing ? 'Bearer' : 'Bearer error="invalid_token"';
  return new ProblemError('unauthorized', { detail }, { headers: { 'WWW-Authenticate': challenge } });
}

function forbidden(c: Context, name: string, scope: Scope): ProblemError {
  const who = mountingOf(c)?.authenticate ? 'caller' : 'API key';
  const detail = `The ${who} "${name}" does not have the scope "${scope}".`;
  const challenge = `Bearer error="insufficient_scope", scope="${scope}"`;
  return new ProblemError(
    'forbidden',
    { detail, expected: scope },
    { headers: { 'WWW-Authenticate': challenge } },
  );
}
