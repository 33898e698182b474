/** Compares the clock of this machine with that of the store, to warn of a wrong one. */
import type { ModelBucket } from '../store/bucket.ts';
import { retrainKeys } from './keys.ts';

/** Milliseconds that clocks may differ by: a store tells whole seconds, and has taken the lock a moment ago. */
const TOLERATED = 60_000;

/**
 * Returns a line about a clock that is off; undefined if it is not.
 * @param bucket Has the lock of the model, which has just been written.
 */
export async function clockLine(bucket: ModelBucket, model: string): Promise<string | undefined> {
  const written = await bucket.head(retrainKeys(model).lock);
  const ahead = written === null ? 0 : Date.now() - written.uploaded.getTime();
  if (Math.abs(ahead) < TOLERATED) return undefined;
  const minutes = `${Math.round(Math.abs(ahead) / 60_000)} min ${ahead > 0 ? 'ahead of' : 'behind'}`;
  return `warning: this machine's clock is ${minutes} that of the store: the times in the history are off by that, and gates judge by it what is in the future (timedatectl set-ntp true sets it)`;
}
