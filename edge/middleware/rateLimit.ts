/** The rate limit: per API key, or per client address without a key. */
import type { Context } from 'hono';
import { requiredScope } from '../access.ts';
import type { AppEnvironment, RateLimiter } from '../environment.ts';
import { mountingOf } from '../mounting.ts';
import { ProblemError } from '../problems.ts';
import { logError } from '../telemetry/log.ts';
import type { Stage } from './stages.ts';

/** Seconds. The binding does not report when its period ends; this is the longest possible period. */
const RETRY_AFTER = '60';

/**
 * Counts every request that needs a scope, including those with a wrong key, but not requests from this
 * machine. If the counter fails, requests are answered: its outage must not become one of the models.
 * @throws {ProblemError} `rate-limited`.
 *
 * @example
 * app.use(inStages([identify(settings), rateLimit(env.RATE_LIMITER)]));
 */
export function rateLimit(limiter: RateLimiter): Stage {
  return {
    before: (c) => {
      if (c.get('caller').isLocal || requiredScope(c.req.path) === null) return undefined;
      return counted(c, limiter);
    },
  };
}

async function counted(c: Context<AppEnvironment>, limiter: RateLimiter): Promise<void> {
  const caller = c.get('caller');
  const key = caller.name === null ? networkOf(c.req.header('CF-Connecting-IP')) : `key ${caller.name}`;
  const { success } = await limiter.limit({ key }).catch((error: unknown) => {
    logError(c.get('record'), 'the rate limiter failed', error);
    return { success: true };
  });
  if (success) return;
  const named = mountingOf(c)?.authenticate ? 'of the caller' : 'with the API key';
  const whose = caller.name === null ? 'from this address' : `${named} "${caller.name}"`;
  const detail = `Too many requests ${whose}.`;
  throw new ProblemError('rate-limited', { detail }, { headers: { 'Retry-After': RETRY_AFTER } });
}

/** Returns an IPv4 address unchanged, and the /64 network of an IPv6 address: one client owns all of it. */
export function networkOf(address = 'unknown'): string {
  if (!address.includes(':')) return address;
  const [start = '', end] = address.split('::');
  const groups = start === '' ? [] : start.split(':');
  const last = end === undefined || end === '' ? [] : end.split(':');
  const zeros =
    end === undefined ? [] : new Array<string>(Math.max(0, 8 - groups.length - last.length)).fill('0');
  return `${[...groups, ...zeros, ...last].slice(0, 4).join(':')}::/64`;
}
