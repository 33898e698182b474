import type { ModelBucket } from '../../../../scripts/store/bucket.ts';
import { InputError } from '../../../../shared/errors.ts';

/** The fate of a run's requests to its bucket, counted from 1. */
export interface Fate {
  /** From this request on, nothing is ever done or answered: the run is dead, as after kill -9. */
  readonly diesAt?: number;
  /** The same from the request on that follows a write of this key. */
  readonly diesAfter?: string;
  /** From this request on, the store fails, for as many requests. */
  readonly failsAt?: number;
  readonly failures?: number;
}

export interface MortalBucket {
  readonly bucket: ModelBucket;
  /** Resolves when the run dies. */
  readonly death: Promise<'dead'>;
  /** Requests so far. */
  readonly requests: () => number;
}

/** A bucket as one run sees it, which may die, or lose the store. It has no connection that a thread could use. */
export function mortalBucket(
  { put, get, head, delete: remove, list }: ModelBucket,
  { diesAfter, diesAt = Number.POSITIVE_INFINITY, failsAt = Number.POSITIVE_INFINITY, failures = 0 }: Fate,
): MortalBucket {
  let [count, end] = [0, diesAt];
  let die: (state: 'dead') => void = () => undefined;
  const death = new Promise<'dead'>((resolve) => {
    die = resolve;
  });
  const fated =
    <Values extends unknown[], Result>(request: (...values: Values) => Promise<Result>) =>
    async (...values: Values): Promise<Result> => {
      count++;
      if (count >= end) {
        die('dead');
        return new Promise(() => undefined);
      }
      if (count >= failsAt && count < failsAt + failures) throw new InputError('the store does not answer');
      return request(...values);
    };
  const mortalPut = fated(put);
  const bucket: ModelBucket = {
    put: async (key, ...others) => {
      const written = await mortalPut(key, ...others);
      if (key === diesAfter) end = count + 1;
      return written;
    },
    ...{ get: fated(get), head: fated(head), delete: fated(remove), list: fated(list) },
  };
  return { bucket, death, requests: () => count };
}
