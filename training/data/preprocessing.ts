/** A table whose columns were encoded as numbers, together with what was fitted to encode them. */
import type { Table } from './table.ts';

/** Figures that a transform fitted to the training rows; the manifest stores them unchanged. */
export type StepStatistics = Readonly<Record<string, number | string | readonly string[]>>;

export interface FittedStep {
  /** A key of the registry of transforms. */
  readonly transform: string;
  /** With their defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly statistics: StepStatistics;
}

export interface FittedColumn {
  readonly name: string;
  readonly type: 'number' | 'boolean' | 'category';
  /** In the order in which they are applied. */
  readonly steps: readonly FittedStep[];
}

export interface Preprocessing {
  readonly columns: readonly FittedColumn[];
  /** The same columns, raw. */
  readonly table: Table;
}
