/** Categories as variables: 1 in the rows that have one, 0 in others. */
import type { Variable } from './regression.ts';
import type { CategoryColumn, Column } from './table.ts';

const MOST_CATEGORIES = 64;
const MOST_CATEGORIES_OF_COLUMN = 20;
/** Rows that a category has at least: fewer say little about it. */
export const LEAST_ROWS = 30;

export function frequentCategories(columns: readonly Column[], rows: Uint32Array): Variable[] {
  return columns
    .flatMap((column) => {
      if (column.type !== 'category') return [];
      const { codes, counts, present } = counted(column, rows);
      return Array.from(counts.keys())
        .filter((code) => counts[code]! >= LEAST_ROWS && present - counts[code]! >= LEAST_ROWS)
        .sort((a, b) => counts[b]! - counts[a]!)
        .slice(0, MOST_CATEGORIES_OF_COLUMN)
        .map((code) => variableOf(column, code, { codes, counts, present }));
    })
    .slice(0, MOST_CATEGORIES);
}

/** These categories, as far as the columns have them, however frequent they are. */
export function knownCategories(
  columns: readonly Column[],
  rows: Uint32Array,
  known: readonly Pick<Variable, 'column' | 'category'>[],
): Variable[] {
  return columns.flatMap((column) => {
    const wanted = new Set(known.flatMap((each) => (each.column === column.name ? [each.category] : [])));
    if (column.type !== 'category' || wanted.size === 0) return [];
    const found = counted(column, rows);
    return column.categories.flatMap((name, code) =>
      wanted.has(name) && found.counts[code]! > 0 ? [variableOf(column, code, found)] : [],
    );
  });
}

interface Counted {
  /** The code in each row. */
  readonly codes: Int32Array;
  /** Rows of each code. */
  readonly counts: Uint32Array;
  /** Rows with a value. */
  readonly present: number;
}

function counted(column: CategoryColumn, rows: Uint32Array): Counted {
  const codes = Int32Array.from(rows, (row) => column.codes[row]!);
  const counts = new Uint32Array(column.categories.length);
  let present = 0;
  for (const code of codes) {
    if (code < 0) continue;
    counts[code]!++;
    present++;
  }
  return { codes, counts, present };
}

function variableOf(
  { name, categories }: CategoryColumn,
  wanted: number,
  { codes, counts, present }: Counted,
): Variable {
  return {
    column: name,
    category: categories[wanted]!,
    values: Float64Array.from(codes, (code) => (code < 0 ? Number.NaN : code === wanted ? 1 : 0)),
    varied: Math.min(counts[wanted]!, present - counts[wanted]!) / present,
    distinct: 2,
  };
}
