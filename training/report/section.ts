/** What the sections of a report are and what they are made from. */
import type { Manifest } from '../../shared/manifest.ts';
import type { Epoch } from '../trainer.ts';
import type { Evaluation } from './evaluation.ts';
import type { Html } from './html.ts';

export interface ReportSource {
  readonly manifest: Manifest;
  readonly history: readonly Epoch[];
  readonly evaluation: Evaluation;
}

/** One file per section exports one of these, and the registry lists it. */
export interface Section {
  readonly title: string;
  /** Whether it takes the whole width of a wide page. */
  readonly wide?: boolean;
  /** Undefined where the section says nothing about this model. */
  readonly render: (source: ReportSource) => Html | undefined | Promise<Html | undefined>;
}
