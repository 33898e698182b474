/** Answers as one flat object per row. */
import type { RowsOperation } from '../../edge/requests/operation.ts';
import { InputError } from '../../shared/errors.ts';
import type { OfflineAnswer } from './offline.ts';
import type { Cell } from './rows.ts';

/** A row of the result: its number from 0, the columns that are kept, what is answered, or the problem. */
export type Line = Readonly<Record<string, unknown>>;

/** What one element of a list in an answer is called; `row` is the number of the row. */
const SINGULAR: Readonly<Record<string, string>> = {
  rows: 'reconstruction',
  codes: 'code',
  predictions: 'prediction',
  forecasts: 'forecast',
  scales: 'scale',
  log_variances: 'log_variance',
};

/**
 * Returns a line for each row. An answer that is an object becomes its members.
 * @throws {InputError} for a kept column with the name of an answer.
 */
export function linesOf(
  { each, eachToo = [] }: Pick<RowsOperation, 'each' | 'eachToo'>,
  { body, problems }: OfflineAnswer,
  rows: { readonly start: number; readonly kept: readonly Readonly<Record<string, Cell>>[] },
): Line[] {
  const lists = [each, ...eachToo].flatMap((name) => {
    const list = body[name];
    return Array.isArray(list) ? [[name, list as unknown[]] as const] : [];
  });
  return rows.kept.map((kept, i) => {
    const problem = problems.get(i);
    const answered =
      problem === undefined
        ? Object.assign({}, ...lists.map(([name, list]) => membersOf(name, list[i])))
        : { problem };
    const twice = Object.keys(kept).find((name) => name === 'row' || Object.hasOwn(answered, name));
    if (twice !== undefined)
      throw new InputError(
        `--keep ${twice}: the answers have a column of that name; rename it with SQL in --data`,
      );
    return { row: rows.start + i, ...kept, ...answered };
  });
}

function membersOf(name: string, value: unknown): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? { ...value } : { [SINGULAR[name] ?? name]: value };
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
