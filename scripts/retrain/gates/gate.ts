import type { Manifest } from '../../../shared/manifest.ts';
import type { Rows } from '../../../shared/tensor.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import type { Profile } from '../../../training/data/profile.ts';
import type { Column } from '../../../training/data/table.ts';
import type { PreparedRun } from '../../cli/preparedRun.ts';
import type { JournalEntry } from '../journal.ts';
import type { ModelComparison } from '../metrics/compareVersions.ts';
import type { Reference } from '../references.ts';
import type { ShadowFigures } from '../shadow/figures.ts';

export interface Verdict {
  readonly passed: boolean;
  /** The measured figures with their limits, for people. */
  readonly figures: string;
  /** The figure that decided, and the threshold that it was compared with. */
  readonly figure?: number;
  readonly threshold?: number;
  /** The column that is furthest from what was expected. */
  readonly column?: string;
}

interface GateOf<Input> {
  /** The condition for passing. */
  readonly summary: string;
  /** Default limit, which `--gate name:limit` overrides; undefined for gates without one. */
  readonly limit?: number;
  /** False for gates that `--accept` does not take: what they refuse cannot be served. */
  readonly acceptable?: false;
  /** Advice besides accepting. Default: none or, for gates on the data, to mend it. */
  readonly remedy?: string;
  /** Flags of a retraining that may help, of gates that cannot be accepted. */
  readonly remedyFlags?: string;
  /** The case in which accepting is right. Default: the world has changed. */
  readonly acceptedIf?: string;
  /** The flag that accepts what is refused. Default: `--accept` with the name of the gate. */
  readonly acceptedBy?: string;
  /** Returns the verdict; undefined if the gate does not apply. */
  readonly judge: (input: Input, limit: number) => Verdict | undefined | Promise<Verdict | undefined>;
}

/** What is known before training. */
export interface DataInput {
  /** The profile of the new data, with relations to the champion's categories. */
  readonly now: Profile;
  /** The profile of the champion's data; undefined before the first version, and for older artifacts. */
  readonly before: Profile | undefined;
  /** The version promoted some weeks ago; undefined if the bucket has no record of one. */
  readonly reference: Reference | undefined;
  /** The usual number of rows; undefined before the first version. */
  readonly usualRows: number | undefined;
  readonly data: Dataset<Rows>;
  /** The columns of the data that `now` describes, in the same order. */
  readonly columns: readonly Column[];
  /** The version in production; undefined before the first. */
  readonly champion: Manifest | undefined;
  /** The time of the run, in milliseconds since 1970. */
  readonly at: number;
  /** The column of the label, if rows may lack it: those of production, whose labels come later. */
  readonly lateLabel?: string | undefined;
}

/** A gate on the data, checked before training. */
export type DataGate = GateOf<DataInput>;

/** Input of the gates that need no rows: a version and the champion, wherever they come from. */
export interface VersionInput {
  readonly challenger: Manifest;
  /** The version in production; undefined before the first. */
  readonly champion: Manifest | undefined;
  readonly allowBreaking: boolean;
}

/** A gate on a version alone, which no rows are needed for. */
export type VersionGate = GateOf<VersionInput>;

/** Input of the gates on a trained challenger. */
export interface ModelInput extends VersionInput {
  readonly comparison: ModelComparison;
  readonly prepared: PreparedRun;
  /** Entries of earlier runs and commands. */
  readonly history: readonly JournalEntry[];
  /** Limits from `--gate`, by the name of a gate or metric. */
  readonly limits: Readonly<Record<string, number>>;
}

/** A gate on the challenger, checked after training. */
export type ModelGate = GateOf<ModelInput>;

/** Input of the gates on what a running Worker has counted. */
export interface LiveInput {
  /** Undefined if it is not known. */
  readonly figures: ShadowFigures | undefined;
  /** Requests that are enough to judge by. */
  readonly atLeast: number;
}

/** A gate on a version that a Worker runs next to the one in production. */
export type LiveGate = GateOf<LiveInput>;

export type Gate = DataGate | ModelGate | LiveGate;

/** Advice of gates that compare a model with baselines of its own rows, not with the champion. */
export const TRAINING = {
  remedy: 'train more, for instance with --set epochs=<number>',
  acceptedIf: 'the model is good enough',
} as const;
