import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../../../shared/errors.ts';
import { apiAddress } from '../../worker/apiAddress.ts';

const ATTEMPTS = 3;
const PAUSE_MS = 1000;
const TIMEOUT_MS = 10_000;

/**
 * Asks the Worker at an address whatever it answers: without one, a run would find that out after training.
 * @throws {InputError} if nothing answers.
 */
export async function requireWorker(address: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(apiAddress(address, '/health'), {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      return;
    } catch (cause) {
      if (attempt === ATTEMPTS)
        throw new InputError(`${address}: no Worker answers; is it running, and is this its address?`, {
          cause,
        });
    }
    await sleep(PAUSE_MS);
  }
}
