import type { Manifest } from '../../../shared/manifest.ts';
import type { PreparedRun } from '../../cli/training.ts';
import type { Comparison } from '../metrics/compare.ts';

export interface Judged {
  readonly challenger: Manifest;
  /** The version in production; undefined before the first. */
  readonly champion: Manifest | undefined;
  /** On the same held-out rows; the reason, where there is no comparing. */
  readonly comparison: Comparison | string | undefined;
  readonly prepared: PreparedRun;
  /** By the name of a gate or metric: what `--gate` says. */
  readonly limits: Readonly<Record<string, number>>;
  readonly allowBreaking: boolean;
}

export interface Verdict {
  readonly passed: boolean;
  /** The numbers, and what they were held against. */
  readonly figures: string;
}

export interface Gate {
  /** What passes. */
  readonly summary: string;
  /** What `--gate name:limit` replaces, where there is such a number. */
  readonly limit?: number;
  /** Undefined where there is nothing to judge. */
  readonly judge: (judged: Judged, limit: number) => Verdict | undefined | Promise<Verdict | undefined>;
}
