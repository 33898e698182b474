import type { Line } from '../../ui/Chart.tsx';

interface Drawn {
  /** The series of the reader. */
  readonly values: readonly number[];
  /** The answer of the model. */
  readonly rebuilt: readonly number[] | null | undefined;
  readonly next: readonly number[] | null | undefined;
  /** The values that followed, if the reader has given them. */
  readonly truth: readonly number[] | null;
  /** The root mean squared error on held-out rows. */
  readonly spread: number | undefined;
}

/** Returns the lines of a series with what the model answers: the first is drawn first. */
export function linesOf({ values, rebuilt, next, truth, spread }: Drawn): Line[] {
  const banded = (line: Line, known = 0): Line =>
    spread === undefined ? line : { ...line, band: line.values.map((_, i) => (i < known ? 0 : 2 * spread)) };
  // From the last value that is known.
  const after = (following: readonly number[]) => ({
    values: [values.at(-1)!, ...following],
    start: values.length - 1,
  });
  return [
    ...(rebuilt ? [banded({ name: 'reconstruction', class: 'second', values: rebuilt })] : []),
    ...(next ? [banded({ name: 'forecast', class: 'second', ...after(next) }, 1)] : []),
    ...(next && truth ? [{ name: 'what came next', class: 'third', ...after(truth) }] : []),
    { name: 'your series', class: 'first', values },
  ];
}
