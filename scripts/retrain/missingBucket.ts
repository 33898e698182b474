/** A bucket of this machine that does not exist, and what may answer clients all the same. */
import * as z from 'zod';

/** Where `npm run serve` listens unless it is told otherwise. */
const SERVED = 'http://127.0.0.1:8787';
const TIMEOUT_MS = 300;

const Health = z.object({ status: z.literal('ok'), models: z.number() });

/** Says what is missing. What a Worker has open stays readable to it when its folder is moved or deleted. */
export async function missingText(folder: string, served = SERVED): Promise<string> {
  const models = await modelsAt(served);
  const workers =
    models === undefined
      ? 'a Worker that was started from this folder before goes on answering from the former bucket'
      : `the Worker at ${served} answers (models: ${models}): if it was started from this folder before, it goes on with the former bucket`;
  return `${folder} is missing: nothing was published from this folder yet, or it was moved or deleted; ${workers} until it is restarted, and does not get what is published from now on`;
}

/** The number of models of the Worker at an address; undefined if none answers at once. */
async function modelsAt(address: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${address}/health`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return Health.safeParse(await response.json()).data?.models;
  } catch {
    // Nothing answers there, or what does is no Worker.
    return undefined;
  }
}
