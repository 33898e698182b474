export interface HostileGraph {
  /** In kebab case, unique among all of them. */
  readonly name: string;
  /** What is wrong with it. */
  readonly why: string;
  /** Bytes of the file that claims to be an ONNX model. */
  readonly bytes: Uint8Array;
  /** Files next to it, by name. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** False for legal ONNX that only looks odd: it may be imported, but must do no harm. */
  readonly isRefused: boolean;
  /**
   * What onnxruntime-web does with it, from loading to an answer. `exhausts`, `hangs` and `crashes` are what
   * onnxruntime-node does too: it takes all memory, does not end, or ends the process.
   */
  readonly onnxruntime: 'refuses' | 'answers' | 'exhausts' | 'hangs' | 'crashes';
}

/** What a room leaves out, which is alike for most of its graphs. */
export type Draft = Omit<HostileGraph, 'isRefused' | 'onnxruntime'> & Partial<HostileGraph>;

export function completed(drafts: readonly Draft[]): readonly HostileGraph[] {
  return drafts.map((draft) => ({ isRefused: true, onnxruntime: 'refuses', ...draft }));
}
