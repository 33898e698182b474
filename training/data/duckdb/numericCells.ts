/** Columns of numbers in CSV files, as written: marks for missing values, and zeros that numbers would lose. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Dialect } from './dialect.ts';
import { sqlList, sqlStruct, sqlText } from './literals.ts';

export interface NumericCells {
  /** Marks for missing values that occur, by column. */
  readonly marks: ReadonlyMap<string, readonly string[]>;
  /** Columns of integers of which one begins with a zero; the sample of rows may have had none. */
  readonly zeros: ReadonlySet<string>;
}

/** Reads the columns that are numbers according to `dialect` once more, as text. */
export async function numericCells(
  connection: DuckDBConnection,
  file: string,
  { columns, division, header }: Dialect,
  missing: readonly string[],
): Promise<NumericCells> {
  const numeric = [...columns.entries()].filter(([, { type }]) => type === 'BIGINT' || type === 'DOUBLE');
  if (numeric.length === 0) return { marks: new Map(), zeros: new Set() };
  const written = missing.filter((mark) => mark !== '');
  const asked = numeric.flatMap(([c]) => [
    `list(DISTINCT trim("${c}")) FILTER (list_contains(${sqlList(written)}, trim("${c}")))`,
    `bool_or(regexp_full_match(trim("${c}"), '[+-]?0[0-9]+'))`,
    `bool_and("${c}" IS NULL OR list_contains(${sqlList(missing)}, trim("${c}")) OR regexp_full_match(trim("${c}"), '[+-]?[0-9]+'))`,
  ]);
  const text = columns.map((_, c) => [String(c), 'VARCHAR'] as const);
  const result = await connection.runAndReadAll(
    `SELECT ${asked.join(', ')} FROM read_csv(${sqlText(file)}, auto_detect = false, ${division}, header = ${header}, columns = ${sqlStruct(text)})`,
  );
  const [answers] = result.getRowsJson();
  const marks = new Map<string, readonly string[]>();
  const zeros = new Set<string>();
  numeric.forEach(([, { name }], i) => {
    const [found, zero, integers] = answers!.slice(3 * i, 3 * i + 3);
    if (Array.isArray(found) && found.length > 0) marks.set(name, (found as string[]).sort());
    if (zero === true && integers === true) zeros.add(name);
  });
  return { marks, zeros };
}
