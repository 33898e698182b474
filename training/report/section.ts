/** What the sections of a report are and what they are made from. */
import type { Manifest, PerGraph } from '../../shared/manifest.ts';
import type { CodeStatistics } from '../evaluate/code.ts';
import type { Evaluation } from '../evaluate/evidence/evaluation.ts';
import type { Epoch } from '../fitting/fit.ts';
import type { Html } from './html.ts';

export interface ReportSource {
  readonly manifest: Manifest;
  readonly history: readonly Epoch[];
  readonly evaluation: Evaluation;
  /** Of all test rows. */
  readonly code: CodeStatistics;
  /** ONNX models, for what is generated. */
  readonly graphs: Readonly<PerGraph<Uint8Array>>;
}

/** One file per section exports one of these, and the registry lists it. */
export interface Section {
  readonly title: string;
  /** Whether it takes the whole width of a wide page. */
  readonly wide?: boolean;
  /** Undefined where the section says nothing about this model. */
  readonly render: (source: ReportSource) => Html | undefined | Promise<Html | undefined>;
}
