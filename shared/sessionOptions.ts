/** Options with which onnxruntime-web loads a graph: the same in Workers and in the parity check. */
import { detachWeights } from './detachWeights.ts';

/**
 * Bytes above which weights are not prepacked. In smaller graphs, prepacking takes little memory and saves up
 * to a quarter of the time of a few rows.
 */
const LARGE = 4 * 1024 * 1024;

/** The name under which a graph refers to the file of its weights. */
const FILE = 'graph';

/**
 * Returns the arguments of `InferenceSession.create` for a graph, such that its weights are in memory only
 * once: they are read in place, and those of large graphs are not prepacked. Prepacking holds a second copy
 * for a moment, and WebAssembly memory never shrinks; a single row is no slower without it.
 *
 * @example
 * const session = await ort.InferenceSession.create(...sessionSource(new Uint8Array(encoder)));
 */
export function sessionSource(graph: Uint8Array) {
  const options = {
    executionProviders: ['wasm'],
    externalData: [{ path: FILE, data: graph }],
    extra: { session: { disable_prepacking: graph.length > LARGE ? '1' : '0' } },
  };
  return [detachWeights(graph, FILE), options] as const;
}
