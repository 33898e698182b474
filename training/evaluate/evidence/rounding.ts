/** Figures as they are kept: with the digits that a picture can show. */

/** `value` to so many significant digits; null where it is not finite. */
export function rounded(value: number, digits: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : null;
}

/** All of them to four digits. */
export function roundedAll(values: Iterable<number>): (number | null)[] {
  return Array.from(values, (value) => rounded(value, 4));
}
