import type { Artifact } from '../../../../training/artifact/artifact.ts';
import type { BenchReport } from '../report.ts';

export type Results = Pick<BenchReport, 'results' | 'ratios'>;

/** What every case works with: the model of the demo, and digits as its rows. */
export interface EdgeBench {
  readonly artifact: Artifact;
  /** `[N, 784]` */
  readonly rows: Float32Array<ArrayBuffer>;
  /** For builds. */
  readonly folder: string;
  readonly print: (line: string) => void;
}
