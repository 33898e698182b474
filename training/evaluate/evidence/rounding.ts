/** Rounds figures to the digits that a plot can show. */

/** Rounds `value` to `digits` significant digits; null unless it is finite. */
export function rounded(value: number, digits: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : null;
}

/** Rounds each value to four significant digits. */
export function roundedAll(values: Iterable<number>): (number | null)[] {
  return Array.from(values, (value) => rounded(value, 4));
}
