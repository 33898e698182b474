/** Whether what the Worker is asked has moved away from what the champion was trained on. */

import { InputError } from '../../shared/errors.ts';
import { readAliases } from './aliases.ts';
import type { Target } from './targets/target.ts';

/**
 * The drift score of production, in [0, 1]; null before the first version or the first request.
 * @throws {InputError} where the Worker does not say.
 */
export async function servedDrift({ bucket, release, live }: Target, model: string): Promise<number | null> {
  const { aliases } = await readAliases(bucket, release.key(model));
  if (aliases === undefined) return null;
  const stats = await live.stats();
  if (stats === undefined) {
    throw new InputError(
      `${new URL('/admin/stats', live.url)} does not answer: --if-drift needs LATENTEDGE_API_KEY, a key with the scope admin`,
    );
  }
  const own = stats.find(({ name, version }) => name === model && version === aliases.production);
  return own?.drift.score ?? null;
}
