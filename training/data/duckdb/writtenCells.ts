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
  /** An example of each column in which all numbers are like `1.234`: decimals, or thousands. */
  readonly points: ReadonlyMap<string, string>;
}

/** Reads a file once more, as text. */
export async function writtenCells(
  connection: DuckDBConnection,
  file: string,
  { columns, division, header }: Dialect,
  missing: readonly string[],
): Promise<WrittenCells> {
  const written = missing.filter((mark) => mark !== '');
  const isMissing = (c: number) => `("${c}" IS NULL OR list_contains(${sqlList(missing)}, trim("${c}")))`;
  const all = (c: number, pattern: string) =>
    `bool_and(${isMissing(c)} OR regexp_full_match(trim("${c}"), '${pattern}'))`;
  const asked = columns.flatMap(({ type }, c) => [
    `list(DISTINCT trim("${c}")) FILTER (list_contains(${sqlList(written)}, trim("${c}")))`,
    ...(isNumeric(type)
      ? [
          `bool_or(regexp_full_match(trim("${c}"), '[+-]?0[0-9]+')) AND ${all(c, '[+-]?[0-9]+')}`,
          `CASE WHEN ${all(c, '[+-]?[1-9][0-9]{0,2}[.][0-9]{3}')} THEN min(trim("${c}")) FILTER (NOT ${isMissing(c)}) END`,
        ]
      : ['NULL', 'NULL']),
  ]);
  const text = columns.map((_, c) => [String(c), 'VARCHAR'] as const);
  const result = await connection.runAndReadAll(
    `SELECT ${asked.join(', ')} FROM read_csv(${sqlText(file)}, auto_detect = false, ${division}, header = ${header}, columns = ${sqlStruct(text)})`,
  );
  const [answers] = result.getRowsJson();
  const marks = new Map<string, readonly string[]>();
  const zeros = new Set<string>();
  const points = new Map<string, string>();
  columns.forEach(({ name }, c) => {
    const [found, zero, point] = answers!.slice(3 * c, 3 * c + 3);
    if (Array.isArray(found) && found.length > 0) marks.set(name, (found as string[]).sort());
    if (zero === true) zeros.add(name);
    if (typeof point === 'string') points.set(name, point);
  });
  return { marks, zeros, points };
}

function isNumeric(type: string): boolean {
  return type === 'BIGINT' || type === 'DOUBLE';
}
