import { Backoff } from './backoff.ts';

/**
 * Remembers the promise of each key, so that concurrent callers share one load. A failure is remembered for a while only
 * (`Backoff`); of more values than there is room for, the least recently used are forgotten.
 */
export class Memo<Value> {
  /** The least recently used first. */
  readonly #promises = new Map<string, Promise<Value>>();
  readonly #capacity: number;
  readonly #backoff: Backoff;

  constructor({ capacity, retryMs }: { readonly capacity: number; readonly retryMs: number }) {
    this.#capacity = capacity;
    this.#backoff = new Backoff(retryMs);
  }

  /**
   * The value of `key`, loaded on the first call.
   * @throws what `load` throws, also to who asks soon after.
   *
   * @example
   * const manifest = await manifests.get('digits@0a1b2c3d4e5f', () => store.manifest('digits', '0a1b2c3d4e5f'));
   */
  async get(key: string, load: () => Promise<Value>): Promise<Value> {
    const promise = this.#promises.get(key) ?? this.#start(key, load);
    this.#promises.delete(key);
    this.#promises.set(key, promise);
    for (const oldest of this.#promises.keys()) {
      if (this.#promises.size <= this.#capacity) break;
      this.#promises.delete(oldest);
    }
    return promise;
  }

  #start(key: string, load: () => Promise<Value>): Promise<Value> {
    this.#backoff.check(key);
    const promise = load();
    // The caller gets the rejection; this branch only notes it.
    promise.catch((error) => {
      this.#promises.delete(key);
      this.#backoff.failed(key, error);
    });
    return promise;
  }
}
