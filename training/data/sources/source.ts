/** Sources of rows, recognised by the form of their location. */
import type { Dataset } from '../dataset.ts';
import type { ImageOptions } from '../images.ts';
import type { DecimalMark } from '../numberText.ts';
import type { Table } from '../table.ts';
import type { DeclaredType } from '../text.ts';

export interface TableReadOptions {
  /** Marks for a missing value in text; `MISSING` by default. */
  readonly missing?: readonly string[];
  /** Declared types by column name, which override detection. */
  readonly types?: Readonly<Record<string, DeclaredType>>;
  /** Names of columns that are text whatever they look like, if they are there. */
  readonly categories?: readonly string[];
  /**
   * Decimal mark of numbers such as `1.234` or `1,234`, whose mark may also separate thousands; by default a
   * point, and a comma in files with semicolons between values.
   */
  readonly decimal?: DecimalMark;
  /**
   * Number of leading columns that are ids, or a choice among the names: read as categories, exactly as
   * written, even if they look like numbers, dates or marks for missing values.
   */
  readonly ids?: number | ((names: readonly string[]) => readonly string[]);
  /** Rows that are read, and held; all by default. */
  readonly rows?: RowLimits;
}

/** Limits of the rows that are read from a source. Files of columns between spaces, and arrays, have none. */
export interface RowLimits {
  /** Number of rows to read from the start; undefined for all. */
  readonly limit?: number | undefined;
  /** Number of rows to draw at random, in their order; undefined for all. */
  readonly sample?: number | undefined;
  /** Most rows held in memory: of more rows, a random sample is held, and `Table.whole` reads all of them. */
  readonly hold?: number | undefined;
  /** Seed of what is drawn at random. */
  readonly seed: number;
  /** Called as rows are read: the task, and its completed share in [0, 1]. */
  readonly onRead?: ((task: string, share: number) => void) | undefined;
}

export interface SourceOptions extends TableReadOptions, ImageOptions {}

interface SourceBase {
  /** One noun phrase, for messages and the documentation. */
  readonly summary: string;
  /** True if this source reads `location`: a path, a glob or SQL. */
  readonly recognises: (location: string) => boolean;
}

/** Columns with names and types. */
export interface TableSource extends SourceBase {
  readonly kind: 'table';
  /** @throws {InputError} naming file, column and row, if the location cannot be read. */
  readonly read: (location: string, options: SourceOptions) => Promise<Table>;
}

/** Rows of numbers with a shape but without names. */
export interface ArraySource extends SourceBase {
  readonly kind: 'array';
  /** @throws {InputError} naming the file, if the location cannot be read. */
  readonly read: (location: string, options: SourceOptions) => Promise<Dataset>;
}

export type Source = TableSource | ArraySource;

/** Returns the columns that are ids. */
export function idsAmong(names: readonly string[], ids: TableReadOptions['ids'] = 0): ReadonlySet<string> {
  return new Set(typeof ids === 'number' ? names.slice(0, ids) : ids(names));
}
