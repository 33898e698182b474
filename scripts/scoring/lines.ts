/** Answers as one flat object per row. */
import { answeredRows, type RowAnswers } from '../../edge/requests/answerLines.ts';
import type { RowsOperation } from '../../edge/requests/operation.ts';
import { InputError } from '../../shared/errors.ts';
import type { Cell } from './rows.ts';

/** A row of the result: its number from 0, the columns that are kept, what is answered, or the problem. */
export type Line = Readonly<Record<string, unknown>>;

/**
 * Returns a line for each row.
 * @throws {InputError} for a kept column with the name of an answer.
 */
export function linesOf(
  operation: Pick<RowsOperation, 'each' | 'eachToo'>,
  answers: RowAnswers,
  { start, kept }: { readonly start: number; readonly kept: readonly Readonly<Record<string, Cell>>[] },
): Line[] {
  const answered = answeredRows(operation, answers, kept.length);
  return kept.map((copied, i) => {
    const twice = Object.keys(copied).find((name) => name === 'row' || Object.hasOwn(answered[i]!, name));
    if (twice !== undefined)
      throw new InputError(
        `--keep ${twice}: the answers have a column of that name; rename it with SQL in --data`,
      );
    return { row: start + i, ...copied, ...answered[i] };
  });
}

/**
 * The same for a table of numbers and texts: elements of a list of numbers, and members of those of a list of objects,
 * have columns of their own, such as `contributions_0_feature`; all else is JSON.
 */
export function flattened(line: Line): Line {
  return Object.fromEntries(Object.entries(line).flatMap(([name, value]) => columnsOf(name, value)));
}

function columnsOf(name: string, value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[name, value]];
  if (!Array.isArray(value)) return [[name, JSON.stringify(value)]];
  if (value.every((each) => typeof each === 'number')) return value.map((each, i) => [`${name}_${i}`, each]);
  if (!value.every((each) => typeof each === 'object' && each !== null && !Array.isArray(each)))
    return [[name, JSON.stringify(value)]];
  return value.flatMap((each, i) =>
    Object.entries(each as object).flatMap(([member, of]) => columnsOf(`${name}_${i}_${member}`, of)),
  );
}
