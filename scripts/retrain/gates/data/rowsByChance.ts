/** Counts of rows that chance explains, without any distribution. */

/**
 * Returns the number of rows that are all tonight's by chance with this probability, where they are the outermost of both
 * nights, or the only ones of their kind.
 */
export function rowsOfOneNight(significance: number, now: number, before: number): number {
  return Math.log(significance) / Math.log(now / (now + before));
}

/** The probability of at most `count` of `all` rows, each of which is one with this probability. */
export function atMost(count: number, all: number, probability: number): number {
  const odds = Math.log(probability) - Math.log1p(-probability);
  // Logarithms, as the first terms of many rows are too small for numbers.
  let term = all * Math.log1p(-probability);
  let sum = Math.exp(term);
  for (let i = 0; i < Math.floor(count); i++) {
    term += Math.log((all - i) / (i + 1)) + odds;
    sum += Math.exp(term);
  }
  return Math.min(1, sum);
}
