/** The time limit of a request. */
import type { MiddlewareHandler } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { ProblemError } from '../problems.ts';

/**
 * Refuses a request that is not answered in time: with 408 if its body has not arrived by then (RFC 9110,
 * section 15.5.9), otherwise with 503, as this server is overloaded (15.6.4); 504 would blame a server behind
 * it (15.6.5).
 *
 * It bounds waiting: for a body, for a model to load, for earlier runs. A run cannot be interrupted, so one
 * that takes too long is still answered, late. A stream is timed until it begins.
 * @throws {ProblemError} `slow-body` or `timed-out`.
 *
 * @example
 * app.use(timeLimit(30));
 */
export function timeLimit(maxSeconds: number): MiddlewareHandler<AppEnvironment> {
  return (c, next) =>
    new Promise((resolve, reject) => {
      const work = next();
      const timer = setTimeout(() => {
        // The request may be loading a model that others wait for.
        c.executionCtx.waitUntil(work);
        const isReceiving = c.get('record').phase === 'receive';
        reject(isReceiving ? slowBody(maxSeconds) : timedOut(maxSeconds));
      }, maxSeconds * 1000);
      work.then(
        () => {
          clearTimeout(timer);
          resolve();
        },
        (error) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    });
}

function slowBody(maxSeconds: number): ProblemError {
  const detail = `The whole body must arrive within ${maxSeconds} seconds.`;
  return new ProblemError('slow-body', { detail });
}

function timedOut(maxSeconds: number): ProblemError {
  const detail = `The request could not be answered within ${maxSeconds} seconds.`;
  return new ProblemError('timed-out', { detail }, { headers: { 'Retry-After': '10' } });
}
