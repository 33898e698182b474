import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../../../shared/errors.ts';
import { apiAddress } from '../../worker/apiAddress.ts';
import { headersOf, keyAdvice, NO_ACCESS, UNAUTHORIZED } from '../live.ts';

/** A Worker that does not answer, or does not take the requests of a run. */
export class WorkerError extends InputError {}

const ATTEMPTS = 3;
const PAUSE_MS = 1000;
const TIMEOUT_MS = 10_000;

/**
 * Asks the Worker at an address whatever it answers: without one, a run would find that out after training.
 * @throws {WorkerError} if nothing answers.
 */
export async function requireWorker(address: string): Promise<void> {
  await answerOf(address, '/health');
}

/**
 * Asks the Worker as a run will: with a wrong key, it would find that out after training. The scope `admin` is not
 * required, as a run needs it only with some flags.
 * @throws {WorkerError} if nothing answers, or the key is refused.
 */
export async function requireAccess(address: string, key: string | undefined): Promise<void> {
  const headers = headersOf(key);
  const { status: ofModels } = await answerOf(address, '/v1/models', headers);
  // An open Worker lets anybody ask its models, by whatever key: there it tells a key that it does not know.
  const isTaken =
    !NO_ACCESS.has(ofModels) &&
    (key === undefined || (await answerOf(address, '/admin/stats', headers)).status !== UNAUTHORIZED);
  if (isTaken) return;
  const status = NO_ACCESS.has(ofModels) ? ofModels : UNAUTHORIZED;
  const received = key === undefined ? 'a request without a key' : 'the key of this command';
  throw new WorkerError(`${address}: the Worker answers ${received} with ${status}. ${keyAdvice(key)}`);
}

async function answerOf(
  address: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(apiAddress(address, path), {
        ...{ headers, signal: AbortSignal.timeout(TIMEOUT_MS) },
      });
      await response.body?.cancel();
      return response;
    } catch (cause) {
      if (attempt === ATTEMPTS)
        throw new WorkerError(`${address}: no Worker answers; is it running, and is this its address?`, {
          cause,
        });
    }
    await sleep(PAUSE_MS);
  }
}
