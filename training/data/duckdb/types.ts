/** Readers that convert values of DuckDB's types to values of a column. */
import type {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampValue,
  DuckDBValue,
} from '@duckdb/node-api';
import { booleanColumn, type ColumnBuilder, dateColumn, numberColumn, type Place } from '../columns.ts';
import { type TextOptions, textColumn } from '../text.ts';

type TypeReader = (place: Place, options: TextOptions) => ColumnBuilder<DuckDBValue>;

/** Wraps a builder so that it takes DuckDB's values, converted by `convert`. */
function through<T>(
  builder: ColumnBuilder<T>,
  convert: (value: never) => T | null,
): ColumnBuilder<DuckDBValue> {
  return {
    add: (value) => builder.add(value === null ? null : convert(value as never)),
    finish: builder.finish,
  };
}

const number: TypeReader = (place) => through(numberColumn(place), Number);
const categories: TypeReader = (place, options) => through(textColumn(place, options), String);
const date =
  (milliseconds: (value: never) => number): TypeReader =>
  (place) =>
    through(dateColumn(place), milliseconds);
const timestamp = date(({ micros }: DuckDBTimestampValue) => Number(micros) / 1000);
/** JSON text, in which strings are quoted and numbers are not. */
const json: TypeReader = (place, options) =>
  through(textColumn(place, options), (value: string) =>
    value.startsWith('"') ? String(JSON.parse(value)) : value,
  );

/** Readers by type. Structures and lists of anything but numbers have none: SQL must unnest them first. */
const READERS: Readonly<Record<string, TypeReader>> = {
  BOOLEAN: (place) => through(booleanColumn(place), (value: boolean) => value),
  TINYINT: number,
  SMALLINT: number,
  INTEGER: number,
  BIGINT: number,
  HUGEINT: number,
  UTINYINT: number,
  USMALLINT: number,
  UINTEGER: number,
  UBIGINT: number,
  UHUGEINT: number,
  DOUBLE: number,
  FLOAT: (place) => through(numberColumn(place, { single: true }), (value: number) => value),
  DECIMAL: (place) => through(numberColumn(place), (value: DuckDBDecimalValue) => value.toDouble()),
  DATE: date(({ days }: DuckDBDateValue) => days * 86_400_000),
  TIMESTAMP: timestamp,
  TIMESTAMP_TZ: timestamp,
  TIMESTAMP_S: date(({ seconds }: DuckDBTimestampSecondsValue) => Number(seconds) * 1000),
  TIMESTAMP_MS: date(({ millis }: DuckDBTimestampMillisecondsValue) => Number(millis)),
  TIMESTAMP_NS: date(({ nanos }: DuckDBTimestampNanosecondsValue) => Number(nanos) / 1e6),
  VARCHAR: categories,
  JSON: json,
  ENUM: categories,
  UUID: categories,
  TIME: categories,
  SQLNULL: number,
};

/** Returns the reader for a type, by its alias first; undefined if the type is not supported. */
export function readerOf(typeName: string, alias: string | undefined): TypeReader | undefined {
  return READERS[alias ?? typeName] ?? READERS[typeName];
}
