/** Successive halving (Jamieson & Talwalkar, 2016): all trials train a little, and only the best go on. */

export interface Rung {
  /** Epochs that trials have trained at its end. */
  readonly epochs: number;
  /** Number of trials that take part. */
  readonly trials: number;
}

/** From one rung to the next, as many times more epochs, and fewer trials. */
const FACTOR = 3;

/** Returns the rungs, of which the last trains for all epochs; only that one if there is a single trial or epoch. */
export function rungsOf(trials: number, epochs: number): Rung[] {
  const rungs: Rung[] = [];
  for (let cut = 1; cut <= Math.min(trials, epochs); cut *= FACTOR)
    rungs.unshift({ epochs: Math.round(epochs / cut), trials: 0 });
  return rungs.map((rung, i) => ({ ...rung, trials: Math.floor(trials / FACTOR ** i) }));
}
