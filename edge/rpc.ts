/** Operations as methods for other Workers, which call them through a service binding (Workers RPC). */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { OperationName } from '../shared/manifest.ts';
import { callOperation } from './calls/call.ts';
import type { ModelService } from './calls/modelService.ts';
import { remoteError } from './calls/remoteProblem.ts';
import type { LatentedgeService } from './calls/types.ts';
import { ProblemError } from './problems.ts';

type Entrypoint = new (ctx: unknown, env: unknown) => WorkerEntrypoint & LatentedgeService;

/**
 * Returns the class that a Worker exports for other Workers. Any Worker with the binding may call it: there
 * are no keys and no rate limit. A problem is thrown as an error, which `remoteProblem` reads.
 *
 * @example
 * // In this Worker:
 * export const LatentedgeEntrypoint = rpcEntrypoint(models);
 * // In another one, with `services = [{ binding = "LATENTEDGE", service = "latentedge", entrypoint = "LatentedgeEntrypoint" }]`:
 * const codes = await env.LATENTEDGE.encode('digits', new Float32Array(784));
 */
export function rpcEntrypoint({ service }: ModelService): Entrypoint {
  class LatentedgeEntrypoint extends WorkerEntrypoint {
    /**
     * Lets a call run to its end even if the caller goes away: it may be loading a model that other calls
     * wait for.
     */
    static keepAlive({ ctx }: LatentedgeEntrypoint, work: Promise<unknown>): void {
      ctx.waitUntil(work.catch(() => undefined));
    }
  }
  // Other Workers can call only methods of the prototype.
  for (const name of OperationName.options) {
    Object.defineProperty(LatentedgeEntrypoint.prototype, name, {
      async value(this: LatentedgeEntrypoint, model: unknown, input: unknown, options: unknown) {
        const work = callOperation(service, 'RPC', name, { model, input, options });
        LatentedgeEntrypoint.keepAlive(this, work);
        try {
          return await work;
        } catch (error) {
          throw error instanceof ProblemError ? remoteError(error) : error;
        }
      },
    });
  }
  return LatentedgeEntrypoint as unknown as Entrypoint;
}
