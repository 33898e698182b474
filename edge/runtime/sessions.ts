/** The cache of open sessions. */
import { Backoff } from './backoff.ts';
import type { Session } from './session.ts';
import { within } from './within.ts';

interface CachedSession {
  readonly bytes: number;
  readonly opening: Promise<Session>;
  /** Set once it is open. */
  session?: Session;
  /** Number of requests that wait for the session or run it. */
  uses: number;
}

/** Milliseconds to wait for room; runs take milliseconds, so a longer wait would not help. */
const ROOM_MS = 10_000;

/** Seconds before a failed load is tried again; also the `Retry-After` of its problem. */
export const RETRY_SECONDS = 10;

/**
 * A cache of open sessions, limited by the bytes of their graphs. To make room, the least recently used
 * sessions are released, except those in use: a load waits until there is room. Concurrent callers share one
 * load, and a failed load is not repeated at once (`Backoff`).
 */
export class Sessions {
  /** Least recently used first. */
  readonly #entries = new Map<string, CachedSession>();
  readonly #backoff = new Backoff(RETRY_SECONDS * 1000);
  readonly #limit: number;
  #bytes = 0;
  #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Runs `work` on the session of `key`, which stays open meanwhile, and returns its result.
   * @throws the error of `open`, also to callers within the retry time after it.
   *
   * @example
   * const open = () => openOnnxSession(bytes);
   * await sessions.use('digits/encoder', bytes.length, open, (session) => session.run(feeds, outputs));
   */
  async use<Result>(
    key: string,
    bytes: number,
    open: () => Promise<Session>,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    const entry = this.#known(key) ?? this.#start(key, bytes, open);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.uses++;
    try {
      return await work(entry.session ?? (await entry.opening));
    } finally {
      entry.uses--;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  /** True if the last load of a key failed, until it is tried again. */
  hasFailed(key: string): boolean {
    return this.#backoff.failure(key) !== undefined;
  }

  /** Returns the cached session of a key; drops it if its session is lost. */
  #known(key: string): CachedSession | undefined {
    const entry = this.#entries.get(key);
    if (!entry?.session?.isLost) return entry;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    return undefined;
  }

  #start(key: string, bytes: number, open: () => Promise<Session>): CachedSession {
    this.#backoff.check(key);
    const entry: CachedSession = { bytes, uses: 0, opening: this.#open(bytes, open) };
    // Callers get the rejection; this branch only records it.
    entry.opening.then(
      (session) => {
        entry.session = session;
      },
      (error) => {
        this.#entries.delete(key);
        this.#backoff.failed(key, error);
      },
    );
    return entry;
  }

  async #open(bytes: number, open: () => Promise<Session>): Promise<Session> {
    await this.#makeRoom(bytes);
    try {
      return await open();
    } catch (error) {
      this.#bytes -= bytes;
      throw error;
    }
  }

  /** Reserves `bytes`, once there is room; a graph larger than the limit has the cache to itself. */
  async #makeRoom(bytes: number): Promise<void> {
    const hasRoom = (): boolean => this.#bytes === 0 || this.#bytes + bytes <= this.#limit;
    const deadline = Date.now() + ROOM_MS;
    const released: Promise<void>[] = [];
    for (;;) {
      for (const [key, { session, uses, bytes: freed }] of this.#entries) {
        if (hasRoom()) break;
        if (!session || uses > 0) continue;
        this.#entries.delete(key);
        this.#bytes -= freed;
        released.push(session.release());
      }
      if (hasRoom()) break;
      const change = new Promise<void>((resolve) => this.#waiting.push(resolve));
      // Never longer, though the clock may be set back meanwhile.
      const left = Math.min(ROOM_MS, deadline - Date.now());
      await within(left, 'waiting for room in the cache of models', change);
    }
    this.#bytes += bytes;
    await Promise.allSettled(released);
  }
}
