/** A quantity that the requests of an isolate share, such as bytes in memory. */
import { hasPassed } from './elapsed.ts';

/** The part of one request. */
export interface Share {
  /**
   * Makes the part this large. Returns false, and changes nothing, if all parts together would then exceed
   * `limit`; a part that is the only one always fits.
   */
  resize(amount: number, limit: number): boolean;
  readonly amount: number;
  /** Shows that the part is still in use, and for how long that holds; by default, its usual lease. */
  touch(leaseMs?: number): void;
  /** Gives the part back, for good. */
  release(): void;
}

export interface Gauge {
  /**
   * Creates an empty part. One that is neither resized nor touched for `leaseMs` may be taken back: in a
   * Worker, the code of a request whose client went away may never run again, and would never release it.
   */
  share(leaseMs: number): Share;
}

/**
 * Creates a quantity that nothing has a part of yet.
 *
 * @example
 * const share = gauge.share(60_000);
 * if (!share.resize(bytes, 32 * 1024 * 1024)) throw overloaded();
 */
export function createGauge(): Gauge {
  const quantity: Quantity = { used: 0, parts: new Set() };
  return { share: (leaseMs) => new Part(quantity, leaseMs) };
}

interface Quantity {
  used: number;
  /** Those that are not empty. */
  readonly parts: Set<Part>;
}

/** A class, as every request makes some: closures for each of them would cost more than what they do. */
class Part implements Share {
  readonly #quantity: Quantity;
  #leaseMs: number;
  #amount = 0;
  #touchedAt = 0;
  #isOver = false;

  constructor(quantity: Quantity, leaseMs: number) {
    this.#quantity = quantity;
    this.#leaseMs = leaseMs;
  }

  get amount(): number {
    return this.#amount;
  }

  touch(leaseMs = this.#leaseMs): void {
    this.#touchedAt = Date.now();
    this.#leaseMs = leaseMs;
  }

  release(): void {
    this.#isOver = true;
    this.#quantity.used -= this.#amount;
    this.#amount = 0;
    this.#quantity.parts.delete(this);
  }

  resize(amount: number, limit: number): boolean {
    if (this.#isOver) return true;
    if (!this.#fits(amount, limit)) {
      for (const part of this.#quantity.parts) if (hasPassed(part.#touchedAt, part.#leaseMs)) part.release();
      if (!this.#fits(amount, limit)) return false;
    }
    this.#quantity.used += amount - this.#amount;
    this.#amount = amount;
    this.#touchedAt = Date.now();
    this.#quantity.parts.add(this);
    return true;
  }

  #fits(amount: number, limit: number): boolean {
    const others = this.#quantity.used - this.#amount;
    return amount <= this.#amount || others === 0 || others + amount <= limit;
  }
}
