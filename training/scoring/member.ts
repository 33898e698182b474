/** The interface of the members of the ensemble, each of which finds other anomalies. */
import type { Matrix } from '../../shared/tensor.ts';
import type { Value } from '../graph/types.ts';
import type { RowView, Scaling, ViewOptions } from './rowView.ts';

export interface ScoringOptions extends ViewOptions {
  /** True if the graph may hold rows of the data. */
  readonly withRows: boolean;
}

export interface MemberOptions extends Scaling {
  readonly seed: number;
}

export interface FittedMember {
  /** Scores rows, `[N, 1]`: high for unusual ones, on a scale of its own. */
  readonly score: (view: RowView<Value>) => Value;
  /**
   * Training rows that the member itself consists of, and how to score these as if it did not; absent if
   * single rows make no difference.
   */
  readonly withoutThemselves?: {
    readonly rows: Uint32Array;
    readonly score: (view: RowView<Value>) => Value;
  };
}

/** One file per member exports one of these. */
export interface Member {
  /** One line for the documentation: what is unusual about the rows that it finds. */
  readonly summary: string;
  /** Present if the fitted member holds training rows, which whoever has the graph can read. */
  readonly holdsRows?: true;
  /** Fits the member to the training rows; no label is known. */
  readonly fit: (train: RowView<Matrix>, options: MemberOptions) => FittedMember;
}
