/** Gates that compare each column with the same one of the champion's data, and report the worst. */
import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import type { Column } from '../../../../training/data/table.ts';
import type { DataGate } from '../gate.ts';

/** Numbers of rows in which the column has a value. */
export interface ColumnSizes {
  readonly now: number;
  readonly before: number;
}

export interface ColumnPair {
  readonly now: ColumnProfile;
  readonly before: ColumnProfile;
  /** The new column itself. */
  readonly column: Column;
  readonly sizes: ColumnSizes;
  /** Numbers of independent rows that tell as much about the column: fewer, where rows next to one another are alike. */
  readonly independent: ColumnSizes;
  /** True for a label that rows may lack, as theirs come later. */
  readonly isLateLabel?: boolean;
}

export interface Measured {
  /** The distance between the two columns; larger is worse. */
  readonly figure: number;
  /** The distance that chance explains with so few rows. */
  readonly noise: number;
  /** Part of the limit that holds for this column, where less of a change is alarming; 1 by default. */
  readonly strictness?: number;
  /** What is different, if the figure alone does not tell. */
  readonly detail?: string;
}

export interface ColumnGateOptions {
  readonly summary: string;
  readonly limit: number;
  /** Renders a figure or a threshold. */
  readonly shown: (figure: number) => string;
  /** Returns undefined if the gate does not apply to the column. */
  readonly measure: (pair: ColumnPair) => Measured | undefined;
}

/** Other columns that a refusal names. */
const NAMED = 5;

/**
 * A distance counts if it is large enough to matter, and larger than chance explains: with many rows every
 * difference is significant, and with few rows none is small.
 */
export function columnGate({ summary, limit: ownLimit, shown, measure }: ColumnGateOptions): DataGate {
  return {
    summary,
    limit: ownLimit,
    judge: ({ now, before, columns, lateLabel }, limit) => {
      if (before === undefined) return undefined;
      const known = new Map(before.columns.map((each) => [each.name, each]));
      const judged = now.columns.flatMap((own, i) => {
        const old = known.get(own.name);
        if (old === undefined || old.type !== own.type) return [];
        const sizes = { now: present(now.rows, own), before: present(before.rows, old) };
        if (sizes.now === 0 || sizes.before === 0) return [];
        const isLateLabel = own.name === lateLabel;
        const clustering = clusteringOfBoth(own, old);
        const independent = { now: sizes.now / clustering, before: sizes.before / clustering };
        const pair = { now: own, before: old, column: columns[i]!, sizes, independent, isLateLabel };
        const measured = measure(pair);
        if (measured === undefined) return [];
        const { noise, strictness = 1 } = measured;
        return [{ ...measured, name: own.name, threshold: Math.max(strictness * limit, noise) }];
      });
      const [worst] = judged.sort((a, b) => b.figure / b.threshold - a.figure / a.threshold);
      if (worst === undefined) return undefined;
      const { figure, threshold, name, detail } = worst;
      const refused = judged.filter((each) => each.figure > each.threshold);
      // Whoever mends the worst column only would be refused again.
      const others = refused.slice(1).map((each) => each.name);
      const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : '';
      const also = others.length === 0 ? '' : `; also ${others.slice(0, NAMED).join(', ')}${more}`;
      return {
        passed: refused.length === 0,
        figures: `${name}: ${shown(figure)}${detail ? ` (${detail})` : ''}, limit ${shown(threshold)}${also}`,
        figure,
        threshold,
        column: name,
      };
    },
  };
}

function present(rows: number, { missing }: ColumnProfile): number {
  return Math.round(rows * (1 - missing));
}

/** Times the clustering of the champion's rows that tonight's counts at most: what has changed is no chance. */
const MOST_CLUSTERED = 3;

/**
 * Returns how many times as much the mean of a column varies as that of independent rows. It is known from both nights,
 * and of few rows not well.
 */
export function clusteringOfBoth(own: ColumnProfile, old: ColumnProfile): number {
  const known = old.clustering ?? 1;
  return (known + Math.min(own.clustering ?? 1, MOST_CLUSTERED * known)) / 2;
}

/** Standard errors that chance is granted: with a hundred columns, one night in a hundred reaches this many. */
export const STANDARD_ERRORS = 4;

/** Noise of a difference between two shares. */
export function shareNoise(share: number, { now, before }: ColumnSizes): number {
  // One more of each kind, so that a share of 0 in few rows is not taken for certain.
  const known = (share * before + 1) / (before + 2);
  return STANDARD_ERRORS * Math.sqrt(known * (1 - known) * (1 / now + 1 / before));
}
