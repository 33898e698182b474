import type { Matrix } from '../../shared/tensor.ts';

/** A graph that is loaded and ready to run; hides which runtime does it. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Runs the graph on matrices of the same row count. An output with one value per row (`[N]`) has width 1.
   * Calls may overlap: the session runs them one after the other.
   *
   * @example
   * const { code } = await session.run({ rows }, ['code']);
   */
  run<Output extends string>(
    inputs: Readonly<Record<string, Matrix>>,
    outputs: readonly Output[],
  ): Promise<Record<Output, Matrix>>;
  /** Frees the runtime's memory; the session cannot be used afterwards. */
  release(): Promise<void>;
}

/** Loads ONNX bytes. @throws {Error} where the runtime refuses the graph. */
export type OpenSession = (graph: Uint8Array) => Promise<Session>;
