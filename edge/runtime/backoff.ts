import { hasPassed } from './elapsed.ts';

/**
 * Limit of remembered failures, exceeded only by requests for random names; the oldest are then forgotten.
 */
const CAPACITY = 1000;

/**
 * Remembers failures by key for a while, so that a broken model is not downloaded again for every request.
 */
export class Backoff {
  readonly #failures = new Map<string, { readonly error: unknown; readonly failedAt: number }>();
  readonly #retryMs: number;

  constructor(retryMs: number) {
    this.#retryMs = retryMs;
  }

  /** @throws the last error of `key`, until a retry is due. */
  check(key: string): void {
    const failure = this.failure(key);
    if (failure) throw failure.error;
  }

  /** Returns the last failure of `key`, until a retry is due. */
  failure(key: string): { readonly error: unknown } | undefined {
    const failure = this.#failures.get(key);
    if (failure === undefined) return undefined;
    if (!hasPassed(failure.failedAt, this.#retryMs)) return failure;
    this.#failures.delete(key);
    return undefined;
  }

  failed(key: string, error: unknown): void {
    this.#failures.set(key, { error, failedAt: Date.now() });
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= CAPACITY) break;
      this.#failures.delete(oldest);
    }
  }
}
