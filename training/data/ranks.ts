/** Ranks of values in a distribution that is known by its quantiles. */

/** The share of a distribution below a value, from its quantiles; of those that equal it, half count. */
export function rankOf(value: number, quantiles: readonly number[]): number {
  if (Number.isNaN(value)) return value;
  const steps = quantiles.length - 1;
  const from = firstAt(quantiles, (each) => each >= value);
  const to = firstAt(quantiles, (each) => each > value);
  if (to > from) return (from + to - 1) / 2 / steps;
  if (from === 0) return 0;
  if (from > steps) return 1;
  const [low, high] = [quantiles[from - 1]!, quantiles[from]!];
  return (from - 1 + (value - low) / (high - low)) / steps;
}

/** The first place at which a condition holds that holds from there on, by bisection; the length if it never does. */
export function firstAt(values: readonly number[], holds: (value: number) => boolean): number {
  let [from, to] = [0, values.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(values[middle]!)) to = middle;
    else from = middle + 1;
  }
  return from;
}
