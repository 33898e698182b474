/**
 * Cells of CSV files, as written: marks for missing values and, in columns of numbers, zeros that numbers
 * would lose, and points that may separate thousands.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Dialect } from './dialect.ts';
import { sqlList, sqlStruct, sqlText } from './literals.ts';

export interface WrittenCells {
  /** Columns of integers of which one begins with a zero; the sample of rows may have had none. */
  readonly zeros: ReadonlySet<string>;
  /**
   * An example of each column in which all numbers are like `1.234`, or have no more than three digits:
   * decimals, or thousands.
   */
  readonly points: ReadonlyMap<string, string>;
  /** True if all numbers of a column have decimal commas, where they have decimals. */
  readonly hasDecimalCommas: boolean;
}

/** A comma that is not before thousands. */
const DECIMAL_COMMA = '[+-]?[0-9][0-9.]*,([0-9]{1,2}|[0-9]{4,})([^0-9,.][^0-9,.]*)?';
/** The same, or a number without decimals. */
const COMMA = '[+-]?[0-9][0-9.]*(,[0-9]+)?([^0-9,.][^0-9,.]*)?';
const POINTED = '[+-]?[1-9][0-9]{0,2}[.][0-9]{3}';
const POINTED_OR_SHORT = `${POINTED}|[+-]?[0-9]{1,3}`;

/** What is asked of a column, in SQL: regular expressions over all cells take most of the time of reading. */
interface Question {
  readonly kind: 'zeros' | 'point' | 'commas';
  readonly column: number;
  /** False if some rows already show that the answer is none. */
  readonly possible: string;
  /** True if a cell holds what the answer depends on; the cheapest of the three. */
  readonly likely: string;
  readonly answer: string;
}

/** Rows that rule most questions out. */
const FIRST_ROWS = 2048;

/** Reads a file as text: its first rows, and all rows of those columns for which these leave a question open. */
export async function writtenCells(
  connection: DuckDBConnection,
  file: string,
  dialect: Dialect,
  missing: readonly string[],
): Promise<WrittenCells> {
  const from = textOf(file, dialect);
  const open = async (questions: readonly Question[], part: 'possible' | 'likely', rows: string) => {
    const answers = await asked(
      connection,
      questions.map((each) => each[part]),
      rows,
    );
    return questions.filter((_, i) => answers[i] === true);
  };
  const all = questionsOf(dialect, missing);
  const possible = await open(all, 'possible', `(FROM ${from} LIMIT ${FIRST_ROWS})`);
  const likely = await open(possible, 'likely', from);
  const answers = await asked(
    connection,
    likely.map(({ answer }) => answer),
    from,
  );
  const found = likely.flatMap(({ kind, column }, i) =>
    answers[i] === null || answers[i] === false
      ? []
      : [{ kind, name: dialect.columns[column]!.name, answer: answers[i] }],
  );
  const of = (wanted: Question['kind']) => found.filter(({ kind }) => kind === wanted);
  return {
    zeros: new Set(of('zeros').map(({ name }) => name)),
    points: new Map(of('point').map(({ name, answer }) => [name, String(answer)])),
    hasDecimalCommas: of('commas').length > 0,
  };
}

/** Returns the marks for missing values that occur in each of the columns. */
export async function writtenMarks(
  connection: DuckDBConnection,
  file: string,
  dialect: Dialect,
  { missing, among }: { readonly missing: readonly string[]; readonly among: ReadonlySet<string> },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const written = sqlList(missing.filter((mark) => mark !== ''));
  const columns = dialect.columns.flatMap(({ name }, c) =>
    among.has(name) ? [{ name, cell: `trim("${c}")` }] : [],
  );
  const lists = await asked(
    connection,
    columns.map(({ cell }) => `list(DISTINCT ${cell}) FILTER (list_contains(${written}, ${cell}))`),
    textOf(file, dialect),
  );
  return new Map(
    columns.flatMap(({ name }, i) => {
      const marks = lists[i];
      return Array.isArray(marks) && marks.length > 0 ? [[name, (marks as string[]).sort()] as const] : [];
    }),
  );
}

/** The cells of a file as text, in columns that are named by their numbers. */
function textOf(file: string, { columns, division, header }: Dialect): string {
  const text = columns.map((_, c) => [String(c), 'VARCHAR'] as const);
  return `read_csv(${sqlText(file)}, auto_detect = false, ${division}, header = ${header}, columns = ${sqlStruct(text)})`;
}

async function asked(connection: DuckDBConnection, values: readonly string[], from: string) {
  if (values.length === 0) return [];
  const result = await connection.runAndReadAll(`SELECT ${values.join(', ')} FROM ${from}`);
  return result.getRowsJson()[0]!;
}

function questionsOf({ columns }: Dialect, missing: readonly string[]): Question[] {
  const cell = (column: number) => `trim("${column}")`;
  const matches = (column: number, pattern: string) => `regexp_full_match(${cell(column)}, '${pattern}')`;
  const isMissing = (column: number) =>
    `("${column}" IS NULL OR list_contains(${sqlList(missing)}, ${cell(column)}))`;
  const all = (column: number, pattern: string) =>
    `bool_and(${isMissing(column)} OR ${matches(column, pattern)})`;
  const begins = (column: number, ...starts: readonly string[]) =>
    `bool_or(${starts.map((start) => `starts_with(${cell(column)}, '${start}')`).join(' OR ')})`;
  const holds = (column: number, part: string) => `bool_or(contains("${column}", '${part}'))`;
  return columns.flatMap(({ type }, column): Question[] => {
    if (!isNumeric(type)) {
      const isComma = all(column, COMMA);
      return [
        {
          ...{ kind: 'commas', column, possible: isComma, likely: holds(column, ',') },
          answer: `bool_or(${matches(column, DECIMAL_COMMA)}) AND ${isComma}`,
        },
      ];
    }
    const isInteger = all(column, '[+-]?[0-9]+');
    const isPointed = all(column, POINTED_OR_SHORT);
    return [
      {
        ...{ kind: 'zeros', column, possible: isInteger, likely: begins(column, '0', '+0', '-0') },
        answer: `bool_or(${matches(column, '[+-]?0[0-9]+')}) AND ${isInteger}`,
      },
      {
        ...{ kind: 'point', column, possible: isPointed, likely: holds(column, '.') },
        answer: `CASE WHEN ${isPointed} THEN min(${cell(column)}) FILTER (${matches(column, POINTED)}) END`,
      },
    ];
  });
}

function isNumeric(type: string): boolean {
  return type === 'BIGINT' || type === 'DOUBLE';
}
