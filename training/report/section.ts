/** Sections of a report, and the source that they render. */
import type { PerGraph, TrainedManifest } from '../../shared/manifest.ts';
import type { CodeStatistics } from '../evaluate/code.ts';
import type { Evaluation } from '../evaluate/evidence/evaluation.ts';
import type { Epoch } from '../fitting/fit.ts';
import type { Html } from './html.ts';

export interface ReportSource {
  readonly manifest: TrainedManifest;
  readonly history: readonly Epoch[];
  readonly evaluation: Evaluation;
  /** Statistics of the codes of all test rows. */
  readonly code: CodeStatistics;
  /** ONNX models, for generated figures. */
  readonly graphs: Readonly<PerGraph<Uint8Array>>;
}

/** A section of the report: one file each, listed in the registry. */
export interface Section {
  readonly title: string;
  /** True if the section spans the whole width of the page. */
  readonly wide?: boolean;
  /** Renders the section; undefined if it does not apply to this model. */
  readonly render: (source: ReportSource) => Html | undefined | Promise<Html | undefined>;
}
