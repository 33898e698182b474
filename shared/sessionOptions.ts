/** How onnxruntime-web loads a graph: the same in Workers, and where parity with them is measured. */
import { detachWeights } from './detachWeights.ts';

/** Bytes of a graph. Smaller ones gain up to a quarter of the time of a few rows from weights that are rearranged, and lose little memory. */
const LARGE = 4 * 1024 * 1024;

/** What the graph calls the file of its weights. */
const FILE = 'graph';

/**
 * What `InferenceSession.create` takes for a graph, so that its weights are in memory once: they are read from where they
 * lie, and those of large graphs stay as they are. By default onnxruntime rearranges the weights of products, which for a
 * moment are there twice, and WebAssembly memory never shrinks; one row is no slower without.
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
