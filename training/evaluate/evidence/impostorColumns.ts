/** Rows that are none, of columns as a table has them: the categories of a column stay one of them. */
import type { FeatureStatistics } from '../../../shared/features.ts';
import { random } from '../../../shared/random.ts';
import type { Preprocessing } from '../../data/preprocessing.ts';
import { type Column, isMissing, selectRows, type Table } from '../../data/table.ts';

/**
 * Uniform noise in place of every value: numbers in the range of the training rows, otherwise one of the values that there
 * are; what is missing stays so.
 */
export function noiseColumns(
  { columns, table }: Preprocessing,
  statistics: FeatureStatistics,
  seed: number,
): Preprocessing {
  const source = random(seed, 'specificity/noise');
  const noise = (column: Column, i: number): Column => {
    if (column.type === 'category') {
      const { codes, categories } = column;
      return { ...column, codes: codes.map((code) => (code < 0 ? -1 : source.integer(categories.length))) };
    }
    const [low, high] = [statistics.min[i] ?? 0, statistics.max[i] ?? 1];
    const drawn = () =>
      column.type === 'boolean' ? source.integer(2) : low + (high - low) * source.uniform();
    const values = column.values.map((_, row) => (isMissing(column, row) ? Number.NaN : drawn()));
    return { ...column, values } as Column;
  };
  return { columns, table: { ...table, columns: table.columns.map(noise) } };
}

/** The same values in the same columns, each column moved down by a number of rows of its own, as `shuffledRows`. */
export function shuffledColumns({ columns, table }: Preprocessing, seed: number): Preprocessing {
  const source = random(seed, 'specificity/shuffled');
  const { rowCount } = table;
  const moved = (column: Column): Column => {
    const by = source.integer(rowCount);
    const rows = Uint32Array.from({ length: rowCount }, (_, row) => (row + by) % rowCount);
    const alone: Table = { ...table, columns: [column] };
    return selectRows(alone, rows).columns[0]!;
  };
  return { columns, table: { ...table, columns: table.columns.map(moved) } };
}
