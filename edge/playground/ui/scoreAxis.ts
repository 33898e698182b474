/** A logarithmic axis: few scores are many times higher than most. */
export interface ScoreAxis {
  /** The place of a score in [0, 1]; that of scores up to 0 is 0. */
  readonly placeOf: (score: number) => number;
  readonly scoreAt: (place: number) => number;
  readonly low: number;
  readonly high: number;
}

/** @param values In descending order. */
export function scoreAxis(values: readonly number[]): ScoreAxis {
  const positive = values.filter((value) => value > 0);
  const [low, high] = [positive.at(-1) ?? 1, positive[0] ?? 1];
  const range = Math.log(high) - Math.log(low) + 1e-9;
  return {
    placeOf: (score) =>
      score <= 0 ? 0 : Math.min(1, Math.max(0, (Math.log(score) - Math.log(low)) / range)),
    scoreAt: (place) => Math.exp(Math.log(low) + place * range),
    low,
    high,
  };
}
