/** Fitted preprocessing: the raw table and the fitted steps that encode its columns as numbers. */
import type { Table } from './table.ts';

/** Statistics that a transform fitted to the training rows; the manifest stores them unchanged. */
export type StepStatistics = Readonly<Record<string, number | string | readonly string[]>>;

export interface FittedStep {
  /** Key in the registry of transforms. */
  readonly transform: string;
  /** Options, with defaults filled in. */
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
  /** The raw table, with the same columns. */
  readonly table: Table;
}
