/** Series as lists of numbers. */
import type { ModelDescription } from '../../../../shared/api.ts';

/** The values of a chart's axis: all that the training rows have, with a margin. */
export function rangeOf({ features: { statistics } }: Pick<ModelDescription, 'features'>) {
  const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);
  const [low, high] = [Math.min(0, ...known(statistics.min)), Math.max(...known(statistics.max), 1e-9)];
  const margin = 0.05 * (high - low);
  return { low: low - margin, high: high + margin };
}

/** Reads numbers from text; a text in return says what is no number. */
export function valuesOf(text: string): number[] | string {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const wrong = parts.find((part) => !Number.isFinite(Number(part)));
  if (wrong !== undefined) return `Expected numbers, received "${wrong.slice(0, 30)}".`;
  return parts.map(Number);
}

/** Returns a series of another length with the same course: values in between are on straight lines. */
export function stretched(values: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, i) => {
    const at = (i / Math.max(1, length - 1)) * (values.length - 1);
    const before = Math.min(values.length - 2, Math.floor(at));
    const share = at - before;
    return (1 - share) * values[before]! + share * values[before + 1]!;
  });
}

type Point = readonly [position: number, value: number];

/** Returns the series with the values on a line from one point to another. */
export function withStroke(values: readonly number[], from: Point, to: Point): number[] {
  const [[left, first], [right, last]] = from[0] <= to[0] ? [from, to] : [to, from];
  return values.map((value, i) => {
    if (i < Math.round(left) || i > Math.round(right)) return value;
    const share = right === left ? 1 : Math.min(1, Math.max(0, (i - left) / (right - left)));
    return Number(((1 - share) * first + share * last).toPrecision(5));
  });
}
