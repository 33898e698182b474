/** More than these fail at once only where somebody asks for names at random; the oldest are then forgotten. */
const CAPACITY = 1000;

/** Remembers failures by key for a while, so that what is broken is not downloaded again for every request. */
export class Backoff {
  readonly #failures = new Map<string, { readonly error: unknown; readonly retryAt: number }>();
  readonly #retryMs: number;

  constructor(retryMs: number) {
    this.#retryMs = retryMs;
  }

  /** @throws what failed last, until it is time to try again. */
  check(key: string): void {
    const failure = this.#failures.get(key);
    if (failure === undefined) return;
    if (Date.now() < failure.retryAt) throw failure.error;
    this.#failures.delete(key);
  }

  failed(key: string, error: unknown): void {
    this.#failures.set(key, { error, retryAt: Date.now() + this.#retryMs });
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= CAPACITY) break;
      this.#failures.delete(oldest);
    }
  }
}
