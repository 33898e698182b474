/** Stages that every request passes on its way to a route, and its answer on the way back. */
import type { Context, MiddlewareHandler } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { onError } from './errors.ts';

/** A step on the way; each part returns a promise only if it has to wait. */
export interface Stage {
  /** Sees the request on its way to a route. What it throws is the answer, and later stages are not reached. */
  readonly before?: (c: Context<AppEnvironment>) => Promise<void> | undefined | void;
  /** Sees the answer, `c.res`, on its way back, if the request came past this stage. */
  readonly after?: (c: Context<AppEnvironment>) => Promise<void> | undefined | void;
}

/**
 * Joins stages into one middleware. A middleware of Hono for each of them would be awaited by the one before
 * it, which all together took as long as encoding a row.
 *
 * @example
 * app.use(inStages([telemetry(settings, undefined), securityHeaders]));
 */
export function inStages(stages: readonly Stage[]): MiddlewareHandler<AppEnvironment> {
  return async (c, next) => {
    let passed = 0;
    try {
      for (const { before } of stages) {
        const pending = before?.(c);
        if (pending !== undefined) await pending;
        passed++;
      }
      await next();
    } catch (error) {
      await refuse(c, error);
    }
    while (passed > 0) {
      passed--;
      try {
        const pending = stages[passed]!.after?.(c);
        if (pending !== undefined) await pending;
      } catch (error) {
        await refuse(c, error);
      }
    }
  };
}

/** Makes an error the answer, as Hono does with one that a middleware throws. */
async function refuse(c: Context<AppEnvironment>, error: unknown): Promise<void> {
  if (!(error instanceof Error)) throw error;
  c.error = error;
  c.res = await onError(error, c);
}
