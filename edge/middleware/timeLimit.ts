/** How long a request may take. */
import type { MiddlewareHandler } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { ProblemError } from '../problems.ts';

/**
 * Refuses what is not answered in time: with 408 where the client has not sent its body by then (RFC 9110, section
 * 15.5.9), otherwise with 503, as it is this server that has too much to do (15.6.4); 504 would speak of another server
 * behind it (15.6.5).
 *
 * It bounds waiting: for a body, for a model to load, for the runs before. A run cannot be interrupted: what takes too
 * long by itself is answered late, and with the answer. A stream counts until it begins.
 * @throws {ProblemError} `slow-body` or `timed-out`.
 *
 * @example
 * app.use(timeLimit(30));
 */
export function timeLimit(maxSeconds: number): MiddlewareHandler<AppEnvironment> {
  return async (c, next) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const work = next();
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // It may be loading the model that others wait for.
        c.executionCtx.waitUntil(work);
        const isReceiving = c.var.record.phase === 'receive';
        reject(isReceiving ? slowBody(maxSeconds) : timedOut(maxSeconds));
      }, maxSeconds * 1000);
    });
    try {
      await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

function slowBody(maxSeconds: number): ProblemError {
  const detail = `The whole body must arrive within ${maxSeconds} seconds.`;
  return new ProblemError('slow-body', { detail });
}

function timedOut(maxSeconds: number): ProblemError {
  const detail = `The request could not be answered within ${maxSeconds} seconds.`;
  return new ProblemError('timed-out', { detail }, { headers: { 'Retry-After': '10' } });
}
