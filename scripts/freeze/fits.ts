/** Checks that frozen models leave room in an isolate. */
import { InputError } from '../../shared/errors.ts';
import type { FreezableGraph } from './freezableGraphs.ts';
import { inChild } from './inChild.ts';

/** Cloudflare gives an isolate this many bytes of memory. */
const ISOLATE_BYTES = 128 * 1e6;
/**
 * What an isolate holds next to the memory of a runtime whose image came in pieces: JavaScript, compiled code, the last
 * pieces, and the tensors of a request.
 */
const ROOM_BYTES = 16 * 1e6;
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
 * @param hasRoom Finds out if an isolate has room for some graphs, for instance by `memoryInPieces`.
 */
export async function divided(
  graphs: readonly FreezableGraph[],
  hasRoom: (graphs: readonly FreezableGraph[]) => Promise<boolean>,
): Promise<FreezableGraph[][]> {
  if (await hasRoom(graphs)) return [[...graphs]];
  const groups: FreezableGraph[][] = [];
  for (const graph of graphs.toSorted((a, b) => b.bytes.length - a.bytes.length)) {
    let roomy: FreezableGraph[] | undefined;
    for (const group of groups) if (!roomy && (await hasRoom([...group, graph]))) roomy = group;
    if (roomy) roomy.push(graph);
    else groups.push([graph]);
  }
  return groups;
}

/**
 * Returns the bytes of memory that graphs take in an isolate that takes their image in pieces. They are loaded to find
 * out, unless it is certain that they fit, or that they do not: a weight is in memory once or, where a kernel has
 * rearranged it, twice.
 * @param runtime Folder of the onnxruntime-web; undefined for the installed one.
 */
export async function memoryInPieces(
  graphs: readonly FreezableGraph[],
  runtime: string | undefined,
): Promise<number> {
  const weights = weightsOf(graphs);
  const [least, most] = [RUNTIME_BYTES + weights, RUNTIME_BYTES + 2 * weights];
  if (hasRoomFor(most)) return most;
  return hasRoomFor(weights) ? inChild('weigh', { runtime, graphs }) : least;
}

/** True if an isolate that takes its image in pieces has room for so many bytes of memory. */
export function hasRoomFor(memory: number): boolean {
  return memory + ROOM_BYTES <= ISOLATE_BYTES;
}

/** Refuses an image in pieces whose memory leaves no room in an isolate. @throws {InputError} if it does not. */
export function assertMemoryFits(label: string, memory: number): void {
  if (hasRoomFor(memory)) return;
  throw new InputError(
    `frozen, ${label} would take ${mb(memory)} of memory, and an isolate has ${mb(ISOLATE_BYTES)} for that and ${mb(ROOM_BYTES)} of other things`,
  );
}

/** True if an isolate has room for the graphs, all of them frozen, and for the image. */
export function fits(graphs: readonly FreezableGraph[]): boolean {
  const { memory, image } = estimate(graphs);
  return memory + image <= ISOLATE_BYTES;
}

function estimate(graphs: readonly FreezableGraph[]): { readonly memory: number; readonly image: number } {
  const sizes = graphs.map(({ bytes }) => bytes.length);
  const weights = weightsOf(graphs);
  // Each was loaded from a copy. What the largest of them took is not used again by all that follow.
  return { memory: RUNTIME_BYTES + weights + Math.max(0, ...sizes), image: weights };
}

/** The same for an image, whose sizes are known. @throws {InputError} if it leaves no room in an isolate. */
export function assertImageFits(memory: number, image: number): void {
  if (memory + image > ISOLATE_BYTES) throw new InputError(`${shortage(memory, image)}; ${ADVICE}`);
}

function weightsOf(graphs: readonly FreezableGraph[]): number {
  return graphs.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function shortage(memory: number, image: number): string {
  return `frozen, the models would take ${mb(memory)} of memory and ${mb(image)} for the image, and an isolate has ${mb(ISOLATE_BYTES)}`;
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
