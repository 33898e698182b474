import type { Artifact } from '../../../../training/artifact/artifact.ts';

/** The model of the demo with digits as its rows, which every benchmark of the Worker uses. */
export interface EdgeBench {
  readonly artifact: Artifact;
  /** Shape `[N, 784]`. */
  readonly rows: Float32Array<ArrayBuffer>;
  /** Folder for builds. */
  readonly folder: string;
  readonly print: (line: string) => void;
}
