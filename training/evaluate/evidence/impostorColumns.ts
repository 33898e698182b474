/** Impostor rows of table columns: a category is replaced only by another category of its column. */
import type { FeatureStatistics } from '../../../shared/features.ts';
import { random } from '../../../shared/random.ts';
import type { Preprocessing } from '../../data/preprocessing.ts';
import { type Column, isMissing, selectRows, type Table } from '../../data/table.ts';
import { NOISE_STREAM, SHUFFLE_STREAM } from './impostorRows.ts';

/**
 * Replaces each value by uniform noise: numbers in the range of the training rows, categories and booleans
 * among their possible values. Missing values stay missing.
 */
export function noiseColumns(
  { columns, table }: Preprocessing,
  statistics: FeatureStatistics,
  seed: number,
): Preprocessing {
  const source = random(seed, NOISE_STREAM);
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

/** Rotates each column by a random number of rows, like `shuffledRows`. */
export function shuffledColumns({ columns, table }: Preprocessing, seed: number): Preprocessing {
  const source = random(seed, SHUFFLE_STREAM);
  const { rowCount } = table;
  const moved = (column: Column): Column => {
    const by = source.integer(rowCount);
    const rows = Uint32Array.from({ length: rowCount }, (_, row) => (row + by) % rowCount);
    const alone: Table = { ...table, columns: [column] };
    return selectRows(alone, rows).columns[0]!;
  };
  return { columns, table: { ...table, columns: table.columns.map(moved) } };
}
