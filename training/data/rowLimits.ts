/** Choices about the rows of a table, as limits of what is read and held. */
import { InputError } from '../../shared/errors.ts';
import type { ColumnChoices } from './choices.ts';
import type { RowLimits } from './sources/source.ts';
import type { Table } from './table.ts';

/** Most rows of a table that are held in memory by default: with 30 columns, training then takes about 1 GB. */
export const HELD_ROWS = 500_000;

/**
 * Returns the limits under these choices.
 * @throws {InputError} for a choice that is no positive integer, and for both a limit and a sample.
 */
export function rowLimitsOf(
  choices: ColumnChoices,
  { seed, onRead }: Pick<RowLimits, 'seed' | 'onRead'>,
): RowLimits {
  const limit = countIn(choices, 'limit');
  const sample = countIn(choices, 'sample');
  if (limit !== undefined && sample !== undefined) {
    throw new InputError(
      '--limit and --sample: expected one of them, the first rows or random ones, received both',
    );
  }
  const hold = countIn(choices, 'hold');
  if (choices.time === undefined) return { limit, sample, hold: hold ?? HELD_ROWS, seed, onRead };
  if (hold === undefined) return { limit, sample, seed, onRead };
  throw new InputError(
    '--hold: expected no --time, whose split needs all rows in memory; leave one of them out',
  );
}

/** Says, for people, why a large table is held in memory; empty if it is not. */
export function heldNotes({ rowCount }: Pick<Table, 'rowCount'>, { time }: ColumnChoices): string[] {
  if (time === undefined || rowCount <= HELD_ROWS) return [];
  return [
    `all ${rowCount.toLocaleString('en')} rows are held in memory, since the split by --time ${time} needs them`,
  ];
}

function countIn(choices: ColumnChoices, name: 'limit' | 'sample' | 'hold'): number | undefined {
  const text = choices[name];
  if (text === undefined) return undefined;
  const count = Number(text);
  // A table has two rows or more.
  if (Number.isInteger(count) && count >= 2) return count;
  throw new InputError(`--${name}: expected a number of rows, at least 2, received ${text}`);
}
