/** Caching of values that are read again in the background. */
import { hasPassed } from '../runtime/elapsed.ts';
import { reportAvailability } from './availability.ts';

/** Time after which a value that was not read again is late: more than a read takes. */
const GRACE_MS = 5000;

/** Lets work continue after the request that began it is answered (`waitUntil` of a Worker). */
export type KeepAlive = (work: Promise<unknown>) => void;

export interface StaleOptions {
  readonly ttlMs: number;
  readonly keepAlive: KeepAlive;
}

/**
 * A value that is read again at most every `ttlMs`, on access; meanwhile, callers get the known value
 * (stale-while-revalidate, RFC 5861). If it cannot be read, the last value stays, and the failure is logged
 * once.
 */
export class Stale<Value> {
  readonly #subject: string;
  readonly #read: (known: Value | undefined) => Promise<Value>;
  readonly #options: StaleOptions;
  #known: { readonly value: Value } | undefined;
  #error: unknown;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(subject: string, read: (known: Value | undefined) => Promise<Value>, options: StaleOptions) {
    this.#subject = subject;
    this.#read = read;
    this.#options = options;
  }

  /** True if the known value is so old that it may no longer hold: nothing has asked for it in its time. */
  get isLate(): boolean {
    return this.#known !== undefined && hasPassed(this.#checkedAt, this.#options.ttlMs + GRACE_MS);
  }

  /** The known value, without reading. */
  get known(): { readonly value: Value } | undefined {
    return this.#known;
  }

  /**
   * Returns the known value, slightly out of date at most; waits only for the first read.
   * @throws the error of that read.
   */
  async get(): Promise<Value> {
    this.#revalidate();
    if (this.#known) return this.#known.value;
    if (this.#error === undefined) return this.latest();
    throw this.#error;
  }

  /**
   * Returns the value, waiting for a read if one is due.
   * @throws the last error if the value was never read.
   */
  async latest(): Promise<Value> {
    this.#revalidate();
    await this.#reading;
    if (this.#known) return this.#known.value;
    throw this.#error;
  }

  /** Reads the value again, regardless of `ttlMs`. @throws the last error if the value was never read. */
  async reload(): Promise<Value> {
    await this.#reading;
    this.#checkedAt = Number.NEGATIVE_INFINITY;
    return this.latest();
  }

  #revalidate(): void {
    if (this.#reading || !hasPassed(this.#checkedAt, this.#options.ttlMs)) return;
    this.#reading = this.#revalidated();
    this.#options.keepAlive(this.#reading);
  }

  /** Never rejects. */
  async #revalidated(): Promise<void> {
    try {
      const value = await this.#read(this.#known?.value);
      reportAvailability(this.#known ? this.#subject : 'bucket', 'available');
      this.#known = { value };
    } catch (error) {
      this.#error = error;
      // A value that was never read may not exist: callers may ask for any name, so its subject is not
      // logged.
      reportAvailability(this.#known ? this.#subject : 'bucket', { error });
    }
    this.#checkedAt = Date.now();
    this.#reading = undefined;
  }
}
