/**
 * Cells of CSV files, as written: marks for missing values and, in columns of numbers, zeros that numbers
 * would lose, and points that may separate thousands.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Dialect } from './dialect.ts';
import { sqlList, sqlStruct, sqlText } from './literals.ts';

export interface WrittenCells {
  /** Marks for missing values that occur, by column. */
  readonly marks: ReadonlyMap<string, readonly string[]>;
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

/** Reads a file once more, as text. */
export async function writtenCells(
  connection: DuckDBConnection,
  file: string,
  { columns, division, header }: Dialect,
  missing: readonly string[],
): Promise<WrittenCells> {
  const written = missing.filter((mark) => mark !== '');
  const isMissing = (c: number) => `("${c}" IS NULL OR list_contains(${sqlList(missing)}, trim("${c}")))`;
  const matches = (c: number, pattern: string) => `regexp_full_match(trim("${c}"), '${pattern}')`;
  const all = (c: number, pattern: string) => `bool_and(${isMissing(c)} OR ${matches(c, pattern)})`;
  const asked = columns.flatMap(({ type }, c) => [
    `list(DISTINCT trim("${c}")) FILTER (list_contains(${sqlList(written)}, trim("${c}")))`,
    ...(isNumeric(type)
      ? [
          `bool_or(${matches(c, '[+-]?0[0-9]+')}) AND ${all(c, '[+-]?[0-9]+')}`,
          `CASE WHEN ${all(c, POINTED_OR_SHORT)} THEN min(trim("${c}")) FILTER (${matches(c, POINTED)}) END`,
          'NULL',
        ]
      : ['NULL', 'NULL', `bool_or(${matches(c, DECIMAL_COMMA)}) AND ${all(c, COMMA)}`]),
  ]);
  const text = columns.map((_, c) => [String(c), 'VARCHAR'] as const);
  const result = await connection.runAndReadAll(
    `SELECT ${asked.join(', ')} FROM read_csv(${sqlText(file)}, auto_detect = false, ${division}, header = ${header}, columns = ${sqlStruct(text)})`,
  );
  const [answers] = result.getRowsJson();
  const marks = new Map<string, readonly string[]>();
  const zeros = new Set<string>();
  const points = new Map<string, string>();
  let hasDecimalCommas = false;
  columns.forEach(({ name }, c) => {
    const [found, zero, point, commas] = answers!.slice(4 * c, 4 * c + 4);
    if (Array.isArray(found) && found.length > 0) marks.set(name, (found as string[]).sort());
    if (zero === true) zeros.add(name);
    if (typeof point === 'string') points.set(name, point);
    hasDecimalCommas ||= commas === true;
  });
  return { marks, zeros, points, hasDecimalCommas };
}

function isNumeric(type: string): boolean {
  return type === 'BIGINT' || type === 'DOUBLE';
}
