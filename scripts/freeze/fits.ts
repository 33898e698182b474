/** Checks that frozen models leave room in an isolate. */
import { InputError } from '../../shared/errors.ts';
import type { FreezableGraph } from './freezableGraphs.ts';

/** Cloudflare gives an isolate this many bytes of memory. */
const ISOLATE_BYTES = 128 * 1e6;
/** Memory of onnxruntime before any graph is loaded. */
const RUNTIME_BYTES = 16 * 2 ** 20;

/** Advice on models that do not fit. */
const ADVICE =
  'set RUNTIME in wrangler.toml to "stock", which loads a graph when it is first asked for and releases those that were not used for longest (MODEL_CACHE_BYTES)';

/**
 * Refuses graphs that leave no room in an isolate, before any time is spent on them: a frozen runtime has all of them
 * in memory from the start, and so is the image that it is copied from, which holds their weights once more. The
 * memory of WebAssembly never shrinks, and each graph was loaded from a copy.
 * @throws {InputError} naming the largest model and the runtime that has room for it.
 */
export function assertFits(graphs: readonly FreezableGraph[]): void {
  if (fits(graphs)) return;
  const { memory, image } = estimate(graphs);
  const sizes = new Map<string, number>();
  for (const { model, bytes } of graphs) sizes.set(model, (sizes.get(model) ?? 0) + bytes.length);
  const [[model, size]] = [...sizes].toSorted(([, a], [, b]) => b - a) as [[string, number]];
  throw new InputError(`${shortage(memory, image)}: ${model} alone has graphs of ${mb(size)}; ${ADVICE}`);
}

/**
 * Divides graphs among as few isolates as the first that has room for each, the largest first, makes of it: one, if all
 * of them fit. A graph that fits in none is by itself.
 */
export function divided(graphs: readonly FreezableGraph[]): FreezableGraph[][] {
  if (fits(graphs)) return [[...graphs]];
  const groups: FreezableGraph[][] = [];
  for (const graph of graphs.toSorted((a, b) => b.bytes.length - a.bytes.length)) {
    const roomy = groups.find((group) => fits([...group, graph]));
    if (roomy) roomy.push(graph);
    else groups.push([graph]);
  }
  return groups;
}

/** True if an isolate has room for the graphs, all of them frozen. */
export function fits(graphs: readonly FreezableGraph[]): boolean {
  const { memory, image } = estimate(graphs);
  return memory + image <= ISOLATE_BYTES;
}

function estimate(graphs: readonly FreezableGraph[]): { readonly memory: number; readonly image: number } {
  const sizes = graphs.map(({ bytes }) => bytes.length);
  const weights = sizes.reduce((sum, each) => sum + each, 0);
  // Each was loaded from a copy. What the largest of them took is not used again by all that follow.
  return { memory: RUNTIME_BYTES + weights + Math.max(0, ...sizes), image: weights };
}

/** The same for an image, whose sizes are known. @throws {InputError} if it leaves no room in an isolate. */
export function assertImageFits(memory: number, image: number): void {
  if (memory + image > ISOLATE_BYTES) throw new InputError(`${shortage(memory, image)}; ${ADVICE}`);
}

function shortage(memory: number, image: number): string {
  return `frozen, the models would take ${mb(memory)} of memory and ${mb(image)} for the image, and an isolate has ${mb(ISOLATE_BYTES)}`;
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
