import { Backoff } from './backoff.ts';
import type { Session } from './session.ts';
import { within } from './within.ts';

interface CachedSession {
  readonly bytes: number;
  readonly opening: Promise<Session>;
  /** There once it is open. */
  session?: Session;
  /** Requests that wait for it or run it. */
  uses: number;
}

/** A run takes milliseconds: who has found no room for as long as this is not going to. */
const ROOM_MS = 10_000;

/** What failed to load is not tried again for as long as its problem says in `Retry-After`. */
export const RETRY_SECONDS = 10;

/**
 * Open sessions, of up to so many bytes of weights. To make room, the least recently used are released, but none that is in
 * use: a load waits until there is room for it. Concurrent callers share one load, and one that failed is not repeated at
 * once (`Backoff`).
 */
export class Sessions {
  /** The least recently used first. */
  readonly #entries = new Map<string, CachedSession>();
  readonly #backoff = new Backoff(RETRY_SECONDS * 1000);
  readonly #limit: number;
  #bytes = 0;
  #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * What `work` makes of the session of `key`, which stays open for as long as that takes.
   * @throws what `open` throws, also to who asks soon after.
   *
   * @example
   * await sessions.use('digits/encoder', bytes.length, () => openOnnxSession(bytes), (session) => session.run(feeds, outputs));
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

  /** The entry of a key, but for one whose session is lost. */
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
    // Who waits for it gets the rejection; here it is only noted.
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

  /** Takes `bytes` of the room; what needs more than there is has it for itself. */
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
      await within(deadline - Date.now(), 'waiting for room in the cache of models', change);
    }
    this.#bytes += bytes;
    await Promise.allSettled(released);
  }
}
