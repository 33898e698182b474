/** Remembers the promise of each key, so that concurrent callers share one load; a failed load is forgotten. */
export class Memo<Value> {
  readonly #promises = new Map<string, Promise<Value>>();

  /**
   * The value of `key`, loaded on the first call. After a failure the next call loads again.
   *
   * @example
   * const session = await sessions.get('digits/encoder', () => openSession(bytes));
   */
  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.#promises.get(key);
    if (known) return known;
    const promise = load();
    this.#promises.set(key, promise);
    // The caller gets the rejection; this branch only forgets.
    promise.catch(() => this.#promises.delete(key));
    return promise;
  }
}
