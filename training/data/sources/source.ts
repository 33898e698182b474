/** What a source is: something that rows can be read from, recognised by how its location is written. */
import type { Dataset } from '../dataset.ts';
import type { ImageOptions } from '../images.ts';
import type { Table } from '../table.ts';
import type { DeclaredType } from '../text.ts';

export interface TableReadOptions {
  /** Text that stands for a missing value; `MISSING` by default. */
  readonly missing?: readonly string[];
  /** Columns that are numbers, or categories, whatever they look like: by name. */
  readonly types?: Readonly<Record<string, DeclaredType>>;
  /** How many of the first columns are ids: categories, as they are written, also where that looks like numbers or dates. */
  readonly ids?: number;
}

export interface SourceOptions extends TableReadOptions, ImageOptions {}

interface SourceBase {
  /** What it reads, for messages and the documentation. */
  readonly summary: string;
  /** Whether `location`, a path, a glob or SQL, is one of these. */
  readonly recognises: (location: string) => boolean;
}

/** Columns with names and types. */
export interface TableSource extends SourceBase {
  readonly kind: 'table';
  /** @throws {InputError} naming file, column and row, where it cannot be read. */
  readonly read: (location: string, options: SourceOptions) => Promise<Table>;
}

/** Rows of numbers that have a shape but no names. */
export interface ArraySource extends SourceBase {
  readonly kind: 'array';
  /** @throws {InputError} naming the file, where it cannot be read. */
  readonly read: (location: string, options: SourceOptions) => Promise<Dataset>;
}

export type Source = TableSource | ArraySource;
