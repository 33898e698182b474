/** Comparison of the answers of two versions to the same rows. */
import type { Difference } from '../telemetry/shadows.ts';

/** The answer to one row, or to one user; `problem` is in one that could not be given. */
export type RowAnswer = Readonly<Record<string, unknown>>;

/** The parts of an operation's answer to a row that two versions are compared by. */
export interface Compared {
  /** Returns the numbers that mean the same in every version, by a key that both answers have. */
  readonly values: (answer: RowAnswer) => ReadonlyMap<unknown, number>;
  /** Returns what a client decides by; undefined for an answer without it. */
  readonly verdict?: (answer: RowAnswer) => unknown;
}

/** Compares the numbers of a member of the answer, position by position. */
export const listed = (member: string) => (answer: RowAnswer) =>
  new Map((answer[member] as readonly number[]).map((value, position) => [position, value]));

/**
 * Returns how two answers differ. A row that only one of them has an answer to counts as another verdict.
 * @param compared Undefined for an operation whose answers are not compared.
 */
export function differenceOf(
  compared: Compared | undefined,
  production: readonly RowAnswer[],
  shadow: readonly RowAnswer[],
): Difference {
  const sums = { rows: production.length, values: 0, sum: 0, largest: 0, judged: 0, differing: 0 };
  for (const [row, own] of production.entries()) {
    const other = shadow[row] ?? { problem: 'missing' };
    const answered = [own, other].filter(({ problem }) => problem === undefined);
    if (answered.length === 1) {
      sums.judged += 1;
      sums.differing += 1;
    }
    if (answered.length < 2 || compared === undefined) continue;
    const values = compared.values(other);
    for (const [key, value] of compared.values(own)) {
      const distance = Math.abs(value - (values.get(key) ?? Number.NaN));
      if (Number.isNaN(distance)) continue;
      sums.values += 1;
      sums.sum += distance;
      sums.largest = Math.max(sums.largest, distance);
    }
    const [verdict, another] = [compared.verdict?.(own), compared.verdict?.(other)];
    if (verdict === undefined) continue;
    sums.judged += 1;
    if (verdict !== another) sums.differing += 1;
  }
  return sums;
}
