/** Reading the body of a request part by part. */
import { hasPassed } from '../runtime/elapsed.ts';

/** Result of a read: bytes, or the end. */
export type Part = ReadableStreamReadResult<Uint8Array<ArrayBuffer>>;

/** Reads the next bytes into memory of ours. */
export interface PartReader {
  /**
   * Fills the start of `memory`; the part that it returns has the buffer of `memory`, which must not be used
   * further.
   */
  read(memory: Uint8Array<ArrayBuffer>): Promise<Part>;
  /** Leaves the rest to the next reader. */
  releaseLock(): void;
  cancel(): Promise<void>;
}

/** Milliseconds without a byte after which the rest of a refused body is not waited for, and in total. */
const PATIENCE_MS = 5000;
const TOTAL_MS = 30_000;
/** Bytes dropped at a time. */
const PART_BYTES = 16 * 1024;
/**
 * Bytes that all bodies which are dropped at the same time may take a millisecond: a small part of what it
 * takes.
 */
const PACE = 128 * 1024;

/** Opens a body: those of Workers are read into memory of ours at once, others by way of their own parts. */
export function partReader(stream: ReadableStream<Uint8Array>): PartReader {
  try {
    return stream.getReader({ mode: 'byob' });
  } catch (error) {
    if (!(error instanceof TypeError) || stream.locked) throw error;
    return copyingReader(stream.getReader());
  }
}

function copyingReader(reader: ReadableStreamDefaultReader<Uint8Array>): PartReader {
  let left = new Uint8Array();
  return {
    read: async (memory) => {
      if (left.length === 0) {
        const { done, value } = await reader.read();
        if (done) return { done, value: undefined };
        left = new Uint8Array(value);
      }
      const part = left.subarray(0, memory.length);
      left = left.subarray(part.length);
      memory.set(part);
      return { done: false, value: memory.subarray(0, part.length) };
    },
    releaseLock: () => reader.releaseLock(),
    cancel: () => reader.cancel(),
  };
}

/** Reads the next part; undefined if nothing arrives within `ms`. */
export async function readPart(
  reader: PartReader,
  memory: Uint8Array<ArrayBuffer>,
  ms: number,
): Promise<Part | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([reader.read(memory), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Reads and drops up to `bytes` of a request's body, as long as they keep arriving, then cancels the rest. If
 * a connection is closed while its client is still sending, it is reset, and the client never sees the
 * answer. However many bodies are dropped, other requests hardly wait for that.
 */
export async function discard(reader: PartReader, bytes: number): Promise<void> {
  const start = Date.now();
  const own = { start };
  dropping.add(own);
  try {
    let memory = new Uint8Array(PART_BYTES);
    let pause = 0;
    for (let left = bytes; left >= 0 && !hasPassed(start, TOTAL_MS); ) {
      const part = await readPart(reader, memory, PATIENCE_MS);
      if (part?.done) return;
      if (part === undefined) break;
      left -= part.value.length;
      memory = new Uint8Array(part.value.buffer);
      pause += (part.value.length * countDropping()) / PACE;
      if (pause < 1) continue;
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = 0;
    }
    await reader.cancel();
  } finally {
    dropping.delete(own);
  }
}

/** Bodies that are being dropped. */
const dropping = new Set<{ readonly start: number }>();

/** Counts them, without those whose request ended before this code could notice. */
function countDropping(): number {
  for (const each of dropping) if (hasPassed(each.start, TOTAL_MS)) dropping.delete(each);
  return dropping.size;
}
