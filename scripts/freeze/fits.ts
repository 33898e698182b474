/** Whether graphs can be frozen at all, judged by their size alone, before any time is spent on them. */
import { InputError } from '../../shared/errors.ts';
import type { FreezableGraph } from './freezableGraphs.ts';

/** Cloudflare gives an isolate this many bytes of memory. */
const ISOLATE_BYTES = 128 * 1e6;
/** Memory of onnxruntime before any graph is loaded. */
const RUNTIME_BYTES = 16 * 2 ** 20;

/**
 * Refuses graphs that leave no room in an isolate: a frozen runtime has all of them in memory from the start, and the
 * image that it is copied from, which holds the weights that graphs share once.
 * @throws {InputError} naming the largest model and the runtimes that load a graph when it is first asked for.
 */
export function assertFits(graphs: readonly FreezableGraph[]): void {
  const sizes = new Map<string, number>();
  for (const { model, bytes } of graphs) sizes.set(model, (sizes.get(model) ?? 0) + bytes.length);
  const loaded = [...sizes.values()].reduce((sum, size) => sum + size, RUNTIME_BYTES);
  const image = Math.max(...graphs.map(({ bytes }) => bytes.length));
  if (loaded + image <= ISOLATE_BYTES) return;
  const [[model, size]] = [...sizes].toSorted(([, a], [, b]) => b - a) as [[string, number]];
  const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  throw new InputError(
    `frozen, the models would take ${mb(loaded)} of memory and ${mb(image)} for the image, and an isolate has ${mb(ISOLATE_BYTES)}: ` +
      `${model} alone has graphs of ${mb(size)}; set RUNTIME in wrangler.toml to "stock", which loads a graph when it is first asked for and releases those that were not used for longest (MODEL_CACHE_BYTES)`,
  );
}
