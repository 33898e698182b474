import { Backoff } from './backoff.ts';

/**
 * Caches the promise of each key, so that concurrent callers share one load. A failure is cached only for a
 * while (`Backoff`); beyond the capacity, the least recently used values are dropped.
 */
export class Memo<Value> {
  /** Least recently used first. */
  readonly #promises = new Map<string, Promise<Value>>();
  readonly #capacity: number;
  readonly #backoff: Backoff;

  constructor({ capacity, retryMs }: { readonly capacity: number; readonly retryMs: number }) {
    this.#capacity = capacity;
    this.#backoff = new Backoff(retryMs);
  }

  /**
   * Returns the value of `key`, loaded on the first call.
   * @throws the error of `load`, also to callers within the retry time after it.
   *
   * @example
   * const load = () => store.manifest('digits', '0a1b2c3d4e5f');
   * const manifest = await manifests.get('digits@0a1b2c3d4e5f', load);
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

  /** Has the value of `key` loaded again when it is next asked for. */
  drop(key: string): void {
    this.#promises.delete(key);
  }

  #start(key: string, load: () => Promise<Value>): Promise<Value> {
    this.#backoff.check(key);
    const promise = load();
    // The caller gets the rejection; this branch only records it.
    promise.catch((error) => {
      this.#promises.delete(key);
      this.#backoff.failed(key, error);
    });
    return promise;
  }
}
