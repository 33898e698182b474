/** Drift of the requests to the serving Worker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../../shared/errors.ts';
import { apiAddress } from '../worker/apiAddress.ts';
import { openJournal } from './journal.ts';
import { intactAliases } from './repairs.ts';
import type { Target } from './targets/target.ts';

export interface ServedDrift {
  /** Drift of the requests to production relative to its training rows, in [0, 1]; null if it is not known. */
  readonly score: number | null;
  /** Weight of the rows that the score is computed from. */
  readonly rows: number;
}

/** Any of several isolates may answer: of a few answers, the one with the most rows counts. */
const READINGS = 5;
const PAUSE_MS = 200;

/**
 * Returns the drift of the requests to production; without a score before the first version or request.
 * @throws {InputError} if the Worker does not return its statistics, or the aliases are damaged or gone.
 */
export async function servedDrift(target: Target, model: string): Promise<ServedDrift> {
  const { bucket, live } = target;
  const { entries } = await openJournal(bucket, model);
  const aliases = await intactAliases(target, model, entries);
  let most: ServedDrift = { score: null, rows: 0 };
  if (aliases === undefined) return most;
  for (let reading = 0; reading < READINGS; reading++) {
    const stats = await live.stats();
    if (stats === undefined) {
      throw new InputError(
        `${apiAddress(live.url, '/admin/stats')} does not answer: --if-drift needs a key with the scope admin in LATENTEDGE_API_KEY`,
      );
    }
    const own = stats.models.find(({ name, version }) => name === model && version === aliases.production);
    if (own && own.drift.rows > most.rows) most = { score: own.drift.score, rows: own.drift.rows };
    await sleep(PAUSE_MS);
  }
  return most;
}

/** Decides if a drift calls for a retraining, and tells why. */
export function judgeDrift(
  { score, rows }: ServedDrift,
  { threshold, atLeast }: { readonly threshold: number; readonly atLeast: number },
): { readonly isNeeded: boolean; readonly line: string } {
  const counted = `${Math.round(rows).toLocaleString('en-US')} rows`;
  if (score === null || rows < atLeast) {
    return {
      isNeeded: false,
      line: `drift of requests: not judged, from ${counted}; expected at least ${atLeast} (--drift-rows)`,
    };
  }
  const isNeeded = score >= threshold;
  return {
    isNeeded,
    line: `drift of requests: ${score.toFixed(3)} from ${counted}; ${isNeeded ? 'at least' : 'below'} ${threshold}`,
  };
}
