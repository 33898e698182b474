/** Drift of the requests to the serving Worker. */

import { InputError } from '../../shared/errors.ts';
import { readAliases } from './aliases.ts';
import type { Target } from './targets/target.ts';

/**
 * Returns the drift score of the requests to production, relative to its training rows, in [0, 1]; null
 * before the first version or the first request.
 * @throws {InputError} if the Worker does not return its statistics.
 */
export async function servedDrift({ bucket, release, live }: Target, model: string): Promise<number | null> {
  const { aliases } = await readAliases(bucket, release.key(model));
  if (aliases === undefined) return null;
  const stats = await live.stats();
  if (stats === undefined) {
    throw new InputError(
      `${new URL('/admin/stats', live.url)} does not answer: --if-drift needs a key with the scope admin in LATENTEDGE_API_KEY`,
    );
  }
  const own = stats.find(({ name, version }) => name === model && version === aliases.production);
  return own?.drift.score ?? null;
}
