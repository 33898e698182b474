/**
 * Removing memory that no run reads from an image, above all the schemas of operators: only loading graphs
 * reads them.
 */
import type { ImageDescription } from '../../edge/runtime/frozen/image.ts';
import { UNREAD } from '../../edge/runtime/frozen/image.ts';
import { runGraph } from '../../edge/runtime/frozen/run.ts';
import { thaw } from '../../edge/runtime/frozen/thaw.ts';
import { TrapError } from '../../edge/runtime/runtime.ts';
import type { CapturedMemory } from './capture.ts';
import { encodeWhole } from './encodeImage.ts';
import { type Chunk, HEADER, merge } from './heap.ts';
import type { RuntimePackage } from './runtimePackage.ts';
import { WORD, watchReads } from './wasm/watch.ts';
import { casesOf, type Workload } from './workload.ts';

/** Bytes between the image and the record of reads; far more than the heap grows by during the runs. */
const ROOM = 128 * 2 ** 20;
/** Largest batch to run: reads outside the models' own data do not depend on the number of rows. */
const MAX_ROWS = 64;

/** Returns the addresses of the environment's allocations that runs read. @throws {Error} if a run traps. */
export async function readChunks(
  captured: CapturedMemory,
  wasm: Uint8Array<ArrayBuffer>,
  runtime: RuntimePackage,
  workload: Workload,
): Promise<number[]> {
  const { memory, environment } = captured;
  const limit = memory.length;
  const shadow = limit + ROOM;
  const module = await WebAssembly.compile(watchReads(wasm, limit, shadow));
  const description = descriptionOf(captured, runtime);
  const image = encodeWhole(memory).buffer;
  const instance = await thaw({ factory: runtime.factory, module, image, description });
  // A read that begins inside the image may end above it, and is recorded to its end.
  const bytes = shadow + shadow / WORD;
  instance.memory.grow(Math.ceil((bytes - instance.memory.buffer.byteLength) / 2 ** 16));
  const batchSizes = workload.batchSizes.filter((rows) => rows <= MAX_ROWS);
  for (const graph of captured.graphs) {
    for (const { label, inputs, outputs } of casesOf(graph.source, {
      ...workload,
      batchSizes,
      largest: false,
    })) {
      try {
        runGraph(instance, graph, inputs, outputs);
      } catch (cause) {
        if (!(cause instanceof TrapError)) continue;
        throw new Error(`${graph.source.label}, ${label}: called a function that did not run before`, {
          cause,
        });
      }
    }
  }
  const noted = new Uint8Array(instance.memory.buffer, shadow, limit / WORD);
  // An allocation extends into the header of the next one.
  const isRead = ({ address, bytes }: Chunk): boolean =>
    noted.subarray((address + HEADER) / WORD, (address + bytes) / WORD + 1).includes(1);
  return environment.filter(isRead).map(({ address }) => address);
}

/**
 * Returns the memory with `UNREAD` in every allocation that precedes the first session and whose address is not in
 * `read`. Addresses and sizes made of these bytes point outside the memory, so reading them ends in a trap instead of
 * a wrong answer. Allocations of sessions, above all weights, are kept even if unread. So is static data,
 * because its tables are read at indices that depend on the input.
 */
export function withoutUnread(
  { memory, environment }: Pick<CapturedMemory, 'memory' | 'environment'>,
  read: ReadonlySet<number>,
): Uint8Array<ArrayBuffer> {
  for (const { address, bytes } of merge(memory, environment, (chunk) => !read.has(chunk.address))) {
    memory.fill(UNREAD, address + HEADER, address + bytes);
  }
  return memory;
}

/** The description of an image with the captured graphs. */
export function descriptionOf({ memory, graphs }: CapturedMemory, runtime: RuntimePackage): ImageDescription {
  return {
    onnxruntime: runtime.version,
    pages: memory.length / 2 ** 16,
    ...runtime.layout,
    graphs: graphs.map(({ source: _, ...graph }) => graph),
  };
}
