/** The share of requests that meet a cold isolate. */
import { random } from '../../../shared/random.ts';

export interface Traffic {
  /** Places where an isolate may run, each of its own. */
  readonly locations: number;
  /** The busiest place has a share of 1, the k-th of 1 / k ^ exponent, as Zipf's law has it. */
  readonly exponent: number;
  readonly requestsPerSecond: number;
  /** Seconds after its last request for which an isolate is kept. */
  readonly lifetime: number;
}

/** Returns the shares of the places, the busiest first. */
export function zipfShares({ locations, exponent }: Pick<Traffic, 'locations' | 'exponent'>): number[] {
  const weights = Array.from({ length: locations }, (_, place) => (place + 1) ** -exponent);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * Simulates requests that arrive independently of each other (a Poisson process), and returns the share of those whose
 * place has had none for the lifetime of an isolate.
 * @param requests The number of requests after the first lifetime, which are counted.
 */
export function simulatedColdShare(traffic: Traffic, requests: number, seed: number): number {
  const { requestsPerSecond, lifetime } = traffic;
  const source = random(seed, 'capacity/cold');
  const shares = zipfShares(traffic);
  const upTo = shares.map(() => 0);
  shares.reduce((sum, share, place) => {
    upTo[place] = sum + share;
    return sum + share;
  }, 0);
  const last = new Float64Array(shares.length).fill(Number.NEGATIVE_INFINITY);
  let [time, counted, cold] = [0, 0, 0];
  while (counted < requests) {
    time -= Math.log(1 - source.uniform()) / requestsPerSecond;
    const place = placeOf(upTo, source.uniform());
    // Before, it is not known when the place was last asked.
    if (time > lifetime) {
      counted += 1;
      if (time - last[place]! > lifetime) cold += 1;
    }
    last[place] = time;
  }
  return cold / requests;
}

/** Returns the first place whose cumulative share is above `at`. */
function placeOf(upTo: readonly number[], at: number): number {
  let [low, high] = [0, upTo.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (upTo[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The same share as a sum: at a place with rate r, e^(-r x lifetime) of the requests have none before them in time. */
export function expectedColdShare(traffic: Traffic): number {
  const { requestsPerSecond, lifetime } = traffic;
  return zipfShares(traffic).reduce(
    (sum, share) => sum + share * Math.exp(-share * requestsPerSecond * lifetime),
    0,
  );
}
