/**
 * Removing memory that no run reads from an image, above all the schemas of operators: only loading graphs
 * reads them.
 */
import type { ImageDescription } from '../../edge/runtime/frozen/image.ts';
import { UNREAD } from '../../edge/runtime/frozen/image.ts';
import { runGraph } from '../../edge/runtime/frozen/run.ts';
import { thaw } from '../../edge/runtime/frozen/thaw.ts';
import { TrapError } from '../../edge/runtime/runtime.ts';
import type { CapturedRuntime } from './capture.ts';
import { encodeImage } from './encodeImage.ts';
import { type Chunk, HEADER, merge } from './heap.ts';
import type { RuntimePackage } from './runtimePackage.ts';
import { WORD, watchReads } from './wasm/watch.ts';
import { casesOf, type Workload } from './workload.ts';

/** Bytes between the image and the record of reads; far more than the heap grows by during the runs. */
const ROOM = 128 * 2 ** 20;
/** Largest batch to run: reads outside the models' own data do not depend on the number of rows. */
const MAX_ROWS = 64;

/**
 * Returns the memory with `UNREAD` in every allocation that precedes the first session and that no run reads.
 * Addresses and sizes made of these bytes point outside the memory, so reading them ends in a trap instead of
 * a wrong answer. Allocations of sessions, above all weights, are kept even if unread. So is static data,
 * because its tables are read at indices that depend on the input.
 */
export async function withoutUnread(
  captured: CapturedRuntime,
  wasm: Uint8Array,
  runtime: RuntimePackage,
  description: ImageDescription,
  workload: Workload,
): Promise<Uint8Array<ArrayBuffer>> {
  const memory = captured.memory.slice();
  const limit = memory.length;
  const shadow = limit + ROOM;
  const watched = await WebAssembly.compile(watchReads(wasm, limit, shadow));
  const image = encodeImage(memory).buffer;
  const instance = await thaw({ factory: runtime.factory, module: watched, image, description });
  // A read that begins inside the image may end above it, and is recorded to its end.
  const bytes = shadow + shadow / WORD;
  instance.memory.grow(Math.ceil((bytes - instance.memory.buffer.byteLength) / 2 ** 16));
  for (const graph of captured.graphs) {
    const batchSizes = workload.batchSizes.filter((rows) => rows <= MAX_ROWS);
    for (const { label, inputs, outputs } of casesOf(graph.source, { ...workload, batchSizes })) {
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
  const noted = new Uint8Array(instance.memory.buffer, shadow, limit / WORD).slice();
  // An allocation extends into the header of the next one.
  const isUnread = ({ address, bytes }: Chunk): boolean =>
    !noted.subarray((address + HEADER) / WORD, (address + bytes) / WORD + 1).includes(1);
  for (const { address, bytes } of merge(memory, captured.environment, isUnread)) {
    memory.fill(UNREAD, address + HEADER, address + bytes);
  }
  return memory;
}
