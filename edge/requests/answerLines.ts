/** Answers to many rows as one object per row, for files of answers. */
import type { ProblemError } from '../problems.ts';
import type { Answer, RowsOperation } from './operation.ts';

export interface RowAnswers extends Pick<Answer<unknown>, 'unseen'> {
  /** The JSON body that a request of these rows would get, without the members of every answer. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The problem of each row that has no answer, by its position. */
  readonly problems: ReadonlyMap<number, string>;
}

/** Names for one element of a list in an answer. */
const SINGULAR: Readonly<Record<string, string>> = {
  rows: 'reconstruction',
  codes: 'code',
  predictions: 'prediction',
  forecasts: 'forecast',
  scales: 'scale',
  log_variances: 'log_variance',
};

/** The answer to one row, or its problem. */
export type AnsweredRow = Readonly<Record<string, unknown>>;

/**
 * Returns what is answered for each row. An answer that is an object becomes its members; `unseen` has the
 * categories of the row that training did not see, if there are any.
 *
 * @example
 * answeredRows(encode, { body: { codes: [[1, 2]] }, problems: new Map() }, 1); // [{ code: [1, 2] }]
 */
export function answeredRows(
  { each, eachToo = [] }: Pick<RowsOperation, 'each' | 'eachToo'>,
  { body, problems, unseen = [] }: RowAnswers,
  rowCount: number,
): AnsweredRow[] {
  const lists = [each, ...eachToo].flatMap((name) => {
    const list = body[name];
    return Array.isArray(list) ? [[name, list as unknown[]] as const] : [];
  });
  const unseenIn = new Map<number, object[]>();
  for (const { row, ...named } of unseen) unseenIn.set(row, [...(unseenIn.get(row) ?? []), named]);
  return Array.from({ length: rowCount }, (_, i) => {
    const problem = problems.get(i);
    if (problem !== undefined) return { problem };
    const own = unseenIn.get(i);
    return Object.assign(
      {},
      ...lists.map(([name, list]) => membersOf(name, list[i])),
      own && { unseen: own },
    );
  });
}

function membersOf(name: string, value: unknown): AnsweredRow {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? { ...value } : { [SINGULAR[name] ?? name]: value };
}

/** Returns the detail of the problem of a row, with the number that the row has in its file. */
export function detailInFile({ detail }: ProblemError, row: number, inFile: number): string {
  return detail.replace(`row ${row}`, `row ${inFile}`);
}
