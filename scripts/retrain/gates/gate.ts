import type { Manifest } from '../../../shared/manifest.ts';
import type { PreparedRun } from '../../cli/training.ts';
import type { VersionComparison } from '../metrics/compareVersions.ts';

export interface GateInput {
  readonly challenger: Manifest;
  /** The version in production; undefined before the first. */
  readonly champion: Manifest | undefined;
  /**
   * Comparison on the same held-out rows, or the reason why it is not possible; undefined without a champion.
   */
  readonly comparison: VersionComparison | string | undefined;
  readonly prepared: PreparedRun;
  /** Limits from `--gate`, by the name of a gate or metric. */
  readonly limits: Readonly<Record<string, number>>;
  readonly allowBreaking: boolean;
}

export interface Verdict {
  readonly passed: boolean;
  /** The measured figures with their limits, for the log. */
  readonly figures: string;
}

export interface Gate {
  /** The condition for passing. */
  readonly summary: string;
  /** Default limit, which `--gate name:limit` overrides; undefined for gates without one. */
  readonly limit?: number;
  /** Returns the verdict; undefined if the gate does not apply. */
  readonly judge: (input: GateInput, limit: number) => Verdict | undefined | Promise<Verdict | undefined>;
}
