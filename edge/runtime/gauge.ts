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
  const parts = new Set<{ amount: number; touchedAt: number; leaseMs: number; release: () => void }>();
  let used = 0;
  const releaseExpired = (): void => {
    for (const { touchedAt, leaseMs, release } of parts) if (hasPassed(touchedAt, leaseMs)) release();
  };
  return {
    share: (leaseMs) => {
      let isOver = false;
      const part = {
        ...{ amount: 0, touchedAt: 0, leaseMs },
        release: () => {
          isOver = true;
          used -= part.amount;
          part.amount = 0;
          parts.delete(part);
        },
      };
      return {
        release: part.release,
        get amount() {
          return part.amount;
        },
        touch: (ms = leaseMs) => {
          part.touchedAt = Date.now();
          part.leaseMs = ms;
        },
        resize: (amount, limit) => {
          if (isOver) return true;
          const others = () => used - part.amount;
          const fits = () => amount <= part.amount || others() === 0 || others() + amount <= limit;
          if (!fits()) releaseExpired();
          if (!fits()) return false;
          used += amount - part.amount;
          part.amount = amount;
          part.touchedAt = Date.now();
          parts.add(part);
          return true;
        },
      };
    },
  };
}
