/** The lines of a chart's grid. */

/** About how many there are. */
const TICKS = 5;

/** Returns round numbers between two: 1, 2 or 5 times a power of ten apart. */
export function roundTicks(low: number, high: number): number[] {
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const far = (factor: number) => Math.abs(Math.log(factor * power) - Math.log(rough));
  const step = [1, 2, 5, 10].toSorted((a, b) => far(a) - far(b))[0]! * power;
  const first = Math.ceil(low / step);
  // Products of whole numbers have no digits of rounding but those of the step.
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
