/**
 * What an isolate holds for requests that are not over: bytes of bodies and answers, and rows that wait to be
 * run.
 */
import { ProblemError } from './problems.ts';
import { createGauge, type Gauge, type Share } from './runtime/gauge.ts';
import { createTurns, SMALL, type Turns } from './runtime/turns.ts';
import type { Limits } from './settings.ts';

/** One per isolate. */
export interface InFlight {
  readonly bytes: Gauge;
  readonly rows: Gauge;
  readonly turns: Turns;
}

/** Bytes that one request holds. */
export interface Hold {
  /** Changes their number. @throws {ProblemError} `overloaded` if that number does not fit. */
  resize(bytes: number): void;
  readonly bytes: number;
  /** Shows that they are still in use, and will be used within `ms`; by default, as long as requests may last. */
  touch(ms?: number): void;
  /** Lets an answer that is sent piece by piece release them: from then on, `settle` does not. */
  handOver(): void;
  /** Releases them at the end of the request, unless its answer does so later. */
  settle(): void;
  release(): void;
}

/** The share of the limit that large bodies and answers may use together; the rest is kept free for small ones. */
const LARGE_SHARE = 0.75;
/** Seconds after which a client may try again. */
const RETRY_AFTER = '1';

export function createInFlight(): InFlight {
  return { bytes: createGauge(), rows: createGauge(), turns: createTurns() };
}

/**
 * Creates the hold of one request: no bytes so far. Those of a large body or answer are released as soon as
 * the request's signal reports that the client has gone away, since the code of its request may never run again. Workers
 * report that with the compatibility flag `enable_request_signal`, but not between body and answer.
 */
export function holdOf(shared: InFlight, limits: Limits, request: Pick<Request, 'signal'>): Hold {
  return new RequestHold(shared, limits, request);
}

/** A class, as every request makes one: closures for each of them would cost more than what they do. */
class RequestHold implements Hold {
  readonly #share: Share;
  readonly #limit: number;
  readonly #request: Pick<Request, 'signal'>;
  #isHandedOver = false;

  constructor(
    { bytes }: InFlight,
    { maxInFlightBytes, maxSeconds }: Limits,
    request: Pick<Request, 'signal'>,
  ) {
    this.#share = bytes.share(leaseMs(maxSeconds));
    this.#limit = maxInFlightBytes;
    this.#request = request;
  }

  get bytes(): number {
    return this.#share.amount;
  }

  touch(ms?: number): void {
    this.#share.touch(ms);
  }

  resize(bytes: number): void {
    const [isSmall, limit] = [bytes <= SMALL, this.#limit];
    if (!this.#share.resize(bytes, isSmall ? limit : limit * LARGE_SHARE))
      throw overloaded(`The bodies and answers in flight leave no room for ${bytes} bytes.`, limit);
    // Listening has its cost, which small requests need not pay.
    if (!isSmall) this.#request.signal.addEventListener('abort', () => this.release(), { once: true });
  }

  handOver(): void {
    this.#isHandedOver = true;
  }

  settle(): void {
    if (!this.#isHandedOver) this.release();
  }

  release(): void {
    this.#share.release();
  }
}

/**
 * Counts rows as waiting until the returned function is called.
 * @param mayRefuse False for the later runs of a request, which has been admitted.
 * @throws {ProblemError} `overloaded` if too many are waiting.
 */
export function enter(
  { rows: gauge }: InFlight,
  rowCount: number,
  { maxQueuedRows: limit, maxSeconds }: Limits,
  mayRefuse: boolean,
): () => void {
  const share = gauge.share(leaseMs(maxSeconds));
  if (share.resize(rowCount, mayRefuse ? limit : Number.POSITIVE_INFINITY)) return () => share.release();
  throw overloaded(`The rows that wait to be run leave no room for ${rowCount} more.`, limit);
}

/** True if no rows of requests wait to be run, or are being run. */
export function isIdle({ rows: gauge }: InFlight): boolean {
  const share = gauge.share(0);
  const isAlone = share.resize(1, 0);
  share.release();
  return isAlone;
}

/** No request is without any progress for so long. */
function leaseMs(maxSeconds: number): number {
  return 2000 * maxSeconds;
}

function overloaded(detail: string, limit: number): ProblemError {
  return new ProblemError('overloaded', { detail, limit }, { headers: { 'Retry-After': RETRY_AFTER } });
}
