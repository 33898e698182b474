/** Leaving out of an image what no run reads: above all the descriptions of all operators, which only loading graphs takes. */
import type { ImageDescription } from '../../edge/runtime/frozen/image.ts';
import { UNREAD } from '../../edge/runtime/frozen/image.ts';
import { runGraph } from '../../edge/runtime/frozen/run.ts';
import { thaw } from '../../edge/runtime/frozen/thaw.ts';
import { TrapError } from '../../edge/runtime/runtime.ts';
import type { Captured } from './capture.ts';
import { type Chunk, HEADER, merge } from './heap.ts';
import { imageOf } from './image.ts';
import type { RuntimePackage } from './package.ts';
import { WORD, watchReads } from './wasm/watch.ts';
import { casesOf, type Workload } from './workload.ts';

/** Above the image: far more than the heap grows by while it is watched. */
const ROOM = 128 * 2 ** 20;
/** Reads outside of models' own data do not depend on how many rows there are. */
const MAX_ROWS = 64;

/**
 * The memory with `UNREAD` in every allocation that was there before the first session and of which no run reads anything:
 * addresses and sizes made of these bytes lead out of the memory, so that reading them after all ends in a trap and not in
 * a wrong answer. What sessions allocated, weights above all, stays, whether or not it was read; so does static data,
 * where tables are that are read where a number happens to point.
 */
export async function withoutUnread(
  captured: Captured,
  wasm: Uint8Array,
  runtime: RuntimePackage,
  description: ImageDescription,
  workload: Workload,
): Promise<Uint8Array<ArrayBuffer>> {
  const memory = captured.memory.slice();
  const limit = memory.length;
  const shadow = limit + ROOM;
  const watched = await WebAssembly.compile(watchReads(wasm, limit, shadow));
  const image = imageOf(memory).buffer;
  const instance = await thaw({ factory: runtime.factory, module: watched, image, description });
  // A read that begins in the image may end above it, and is noted to its end.
  const bytes = shadow + shadow / WORD;
  instance.memory.grow(Math.ceil((bytes - instance.memory.buffer.byteLength) / 2 ** 16));
  for (const graph of captured.graphs) {
    const batchSizes = workload.batchSizes.filter((rows) => rows <= MAX_ROWS);
    for (const { label, inputs, outputs } of casesOf(graph.source, { ...workload, batchSizes })) {
      try {
        runGraph(instance, graph, inputs, outputs);
      } catch (cause) {
        if (!(cause instanceof TrapError)) continue;
        throw new Error(`${graph.source.label}, ${label}: a function is needed that did not run before`, {
          cause,
        });
      }
    }
  }
  const noted = new Uint8Array(instance.memory.buffer, shadow, limit / WORD).slice();
  // An allocation reaches into the header of the next one.
  const isUnread = ({ address, bytes }: Chunk): boolean =>
    !noted.subarray((address + HEADER) / WORD, (address + bytes) / WORD + 1).includes(1);
  for (const { address, bytes } of merge(memory, captured.environment, isUnread)) {
    memory.fill(UNREAD, address + HEADER, address + bytes);
  }
  return memory;
}
