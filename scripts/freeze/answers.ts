/** The answers of runs as hashes, so that those of one process can be compared with those of another. */
import { createHash } from 'node:crypto';
import type { OutputTensors } from '../../training/engines/inference.ts';

/** Hashes of the outputs of a run, by name; null if the runtime refused the inputs. */
export type Answers = Readonly<Record<string, string>> | null;

/** Hex digits of a hash that are kept. */
const DIGITS = 32;

/** Hashes the type, shape and bits of every output. */
export function hashed(outputs: OutputTensors): Answers {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { dtype, shape, data }]) => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const hash = createHash('sha256').update(`${dtype} ${shape.join()}\n`).update(bytes);
      return [name, hash.digest('hex').slice(0, DIGITS)];
    }),
  );
}

/** The outputs of a run; undefined if the runtime refuses the inputs. */
export async function outcome<Outputs extends OutputTensors>(
  run: () => Outputs | Promise<Outputs>,
): Promise<Outputs | undefined> {
  try {
    return await run();
  } catch (error) {
    // Any other error, above all a trap, is a failure of the runtime.
    if (error instanceof Error && error.message.includes('OrtRun')) return undefined;
    throw error;
  }
}
