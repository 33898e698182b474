import type { NumberTensor, Tensors } from '../../shared/tensor.ts';

/** A graph that is loaded and ready to run; hides which runtime does it. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Runs the graph on every one of its inputs, and answers the given outputs. Calls may overlap: the session runs them
   * one after the other, and calls `started` when it is this one's turn.
   *
   * @example
   * const { code } = await session.run({ rows: tensorOf(matrix) }, ['code']);
   */
  run<Output extends string>(
    inputs: Tensors,
    outputs: readonly Output[],
    started?: () => void,
  ): Promise<Record<Output, NumberTensor>>;
  /** Whether the runtime under it had to be given up: what is left is to open the graph again. */
  readonly isLost?: boolean;
  /** Frees the runtime's memory; the session cannot be used afterwards. */
  release(): Promise<void>;
}

/** Loads ONNX bytes. @throws {Error} where the runtime refuses the graph. */
export type OpenSession = (graph: Uint8Array) => Promise<Session>;
