export interface HostileGraph {
  /** In kebab case, unique among all of them. */
  readonly name: string;
  /** What is wrong with it. */
  readonly why: string;
  /** Bytes of the file that claims to be an ONNX model. */
  readonly bytes: Uint8Array;
  /** Files next to it, by name. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** False for a graph that is legal ONNX: it may be imported, but must do no harm. */
  readonly isRefused: boolean;
}
