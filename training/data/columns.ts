/** Builders that fill columns value by value as a source is read, without an object per value. */
import { InputError } from '../../shared/errors.ts';
import type { BooleanColumn, Column, DateColumn, NumberColumn } from './table.ts';

/** Collects the values of one column in row order. */
export interface ColumnBuilder<T> {
  /** Appends a value; null is missing. */
  add(value: T | null): void;
  /** @throws {InputError} naming column and row, if the values are of mixed types. */
  finish(): Column;
}

/** Source and name of a column, for messages. */
export interface Place {
  readonly source: string;
  readonly name: string;
}

/** Formats `weather.csv: column Rainfall, row 3`; rows count from 1, without the header. */
export function cellPlace({ source, name }: Place, row: number): string {
  return `${source}: column ${name}, row ${row + 1}`;
}

/** Builds float64 columns, or float32 ones with `single`. NaN is missing; infinity is refused. */
export function numberColumn(place: Place, { single = false } = {}): ColumnBuilder<number> {
  const values = single ? growing(Float32Array) : growing(Float64Array);
  return {
    add: (value) => {
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
        throw new InputError(
          `${cellPlace(place, values.length())}: expected a finite number, received ${value}; mark it as missing in the data, or leave the row out`,
        );
      }
      values.push(value ?? Number.NaN);
    },
    finish: (): NumberColumn => ({ name: place.name, type: 'number', values: values.join() }),
  };
}

export function booleanColumn({ name }: Place): ColumnBuilder<boolean> {
  const values = growing(Float32Array);
  return {
    add: (value) => values.push(value === null ? Number.NaN : Number(value)),
    finish: (): BooleanColumn => ({ name, type: 'boolean', values: values.join() }),
  };
}

/** Values are milliseconds since 1970-01-01 UTC. */
export function dateColumn({ name }: Place): ColumnBuilder<number> {
  const values = growing(Float64Array);
  return {
    add: (value) => values.push(value ?? Number.NaN),
    finish: (): DateColumn => ({ name, type: 'date', values: values.join() }),
  };
}

const PIECE = 16_384;

interface NumberArray extends Pick<Int32Array, 'length'> {
  [index: number]: number;
  set(from: NumberArray, offset: number): void;
  subarray(start: number, end: number): NumberArray;
}

/**
 * A typed array of unknown length, held in pieces of equal size, so that growing copies nothing. `join`
 * releases the pieces; of several columns, only the one being joined is held twice.
 */
export function growing<T extends NumberArray>(Type: new (length: number) => T) {
  const pieces: T[] = [];
  let count = 0;
  return {
    push: (value: number) => {
      const within = count++ % PIECE;
      if (within === 0) pieces.push(new Type(PIECE));
      pieces.at(-1)![within] = value;
    },
    length: () => count,
    join: (): T => {
      const joined = new Type(count);
      pieces.forEach((piece, i) => {
        joined.set(piece.subarray(0, count - i * PIECE), i * PIECE);
      });
      pieces.length = 0;
      return joined;
    },
  };
}
