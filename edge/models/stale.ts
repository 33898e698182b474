import { reportAvailability } from './availability.ts';

/** Lets work go on after the request that began it has been answered (`waitUntil` of a Worker). */
export type KeepAlive = (work: Promise<unknown>) => void;

export interface StaleOptions {
  readonly ttlMs: number;
  readonly keepAlive: KeepAlive;
}

/**
 * A value that is read again at most every `ttlMs`, when somebody asks for it, who meanwhile gets the value that is known
 * (stale-while-revalidate, RFC 5861). Where it cannot be read, the last value stays; that is logged once.
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

  /** What is known, without reading anything. */
  get known(): { readonly value: Value } | undefined {
    return this.#known;
  }

  /** What is known, at most a little out of date; only the first read is waited for. @throws what went wrong in it. */
  async get(): Promise<Value> {
    this.#revalidate();
    if (this.#known) return this.#known.value;
    if (this.#error === undefined) return this.latest();
    throw this.#error;
  }

  /** What is known once it has been read again, if it is time for that. @throws what went wrong where it never was read. */
  async latest(): Promise<Value> {
    this.#revalidate();
    await this.#reading;
    if (this.#known) return this.#known.value;
    throw this.#error;
  }

  /** Reads again, however recently that was done. @throws what went wrong where it never was read. */
  async reload(): Promise<Value> {
    await this.#reading;
    this.#checkedAt = Number.NEGATIVE_INFINITY;
    return this.latest();
  }

  #revalidate(): void {
    if (this.#reading || Date.now() - this.#checkedAt < this.#options.ttlMs) return;
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
      // What was never read may not be there at all: anybody can ask for any name.
      reportAvailability(this.#known ? this.#subject : 'bucket', { error });
    }
    this.#checkedAt = Date.now();
    this.#reading = undefined;
  }
}
