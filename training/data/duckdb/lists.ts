/** Columns of lists of numbers, such as embeddings: one column of a table for each position. */
import type { DuckDBArrayValue, DuckDBListValue, DuckDBValue } from '@duckdb/node-api';
import { InputError } from '../../../shared/errors.ts';
import { cellPlace, growing, type Place } from '../columns.ts';
import type { NumberColumn } from '../table.ts';

/** Longest list: more columns are no vector, but a sequence. */
const LONGEST = 16_384;

/** Collects the lists of one column in row order. */
export interface ListBuilder {
  add(value: DuckDBValue): void;
  /** Returns the columns `name[0]`, `name[1]` and so on. */
  finish(): NumberColumn[];
}

/**
 * Builds a column for each position of lists of equal length; float32 ones with `single`.
 * @throws {InputError} naming column and row, for a list that is missing or of another length, and for a value in it
 * that is missing or not finite.
 */
export function listColumns(place: Place, { single = false } = {}): ListBuilder {
  const values = single ? growing(Float32Array) : growing(Float64Array);
  let [length, rows] = [0, 0];
  const refuse = (expected: string, received: string): never => {
    throw new InputError(`${cellPlace(place, rows)}: expected ${expected}, received ${received}`);
  };
  return {
    add: (value) => {
      if (value === null) refuse('a list of numbers', 'a missing one');
      const { items } = value as DuckDBListValue | DuckDBArrayValue;
      if (rows === 0) {
        if (items.length === 0 || items.length > LONGEST)
          refuse(`a list of 1 to ${LONGEST} numbers`, `one of ${items.length}`);
        length = items.length;
      }
      if (items.length !== length)
        refuse(`a list of ${length} numbers as in the first row`, `one of ${items.length}`);
      for (const item of items) {
        const number = item === null ? Number.NaN : Number(item);
        if (!Number.isFinite(number)) refuse('a list of finite numbers', `one with ${item}`);
        values.push(number);
      }
      rows++;
    },
    finish: () => {
      const all = values.join();
      return Array.from({ length }, (_, position): NumberColumn => {
        const own = single ? new Float32Array(rows) : new Float64Array(rows);
        for (let row = 0; row < rows; row++) own[row] = all[row * length + position]!;
        return { name: `${place.name}[${position}]`, type: 'number', list: place.name, values: own };
      });
    },
  };
}
