import type { NumberTensor, Tensors } from '../../shared/tensor.ts';

/** A loaded graph, ready to run, independent of the runtime. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Runs the graph on all of its inputs, and returns the given outputs. Calls may overlap: the session runs
   * them one after the other, and calls `started` when a run begins.
   *
   * @example
   * const { code } = await session.run({ rows: tensorOf(matrix) }, ['code']);
   */
  run<Output extends string>(
    inputs: Tensors,
    outputs: readonly Output[],
    started?: () => void,
  ): Promise<Record<Output, NumberTensor>>;
  /** True if the runtime of the session was discarded; the graph must be opened again. */
  readonly isLost?: boolean;
  /** Frees the memory of the session, which cannot be used afterwards. */
  release(): Promise<void>;
}

/** Loads ONNX bytes. @throws {Error} if the runtime refuses the graph. */
export type OpenSession = (graph: Uint8Array) => Promise<Session>;
