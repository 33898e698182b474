/** The binomial distribution. */

/**
 * Returns the probability of at most `k` successes in `n` trials of probability `p`, in (0, 1), with an
 * absolute error of about 1e-9. Terms are added from `k` outwards, away from the mode, until they no longer
 * change the sum: about sqrt(n) of them.
 */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k >= n) return 1;
  const odds = p / (1 - p);
  if (k < n * p) {
    return sumFrom(k, n, p, (j) => (j <= 0 ? 0 : j / ((n - j + 1) * odds)), -1);
  }
  return 1 - sumFrom(k + 1, n, p, (j) => (j >= n ? 0 : ((n - j) * odds) / (j + 1)), 1);
}

/** Sums the probabilities from `start` on; `ratio(j)` is the next term divided by that of `j`. */
function sumFrom(start: number, n: number, p: number, ratio: (j: number) => number, step: 1 | -1): number {
  let term = Math.exp(logChance(start, n, p));
  let sum = 0;
  for (let j = start; term > sum * Number.EPSILON; j += step) {
    sum += term;
    term *= ratio(j);
  }
  return Math.min(1, sum);
}

function logChance(k: number, n: number, p: number): number {
  const ways = logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  return ways + k * Math.log(p) + (n - k) * Math.log1p(-p);
}

/** Exact below 20; Stirling's series above, whose first omitted term is below 1e-12. */
export function logFactorial(n: number): number {
  if (n < 20) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log(product);
  }
  const inverse = 1 / n;
  const series = (inverse / 12) * (1 - (inverse * inverse) / 30 + (2 * inverse ** 4) / 210);
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
}
