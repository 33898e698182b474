/** Chunks of a file: ranges of bytes that hold whole rows, each small enough for one isolate. */
import type { Chunk } from '../jobBindings.ts';
import { rowScan, type TextFormat } from './rowScan.ts';

/** Where the next chunk starts. */
export type ChunkStart = Pick<Chunk, 'index' | 'start' | 'row'>;

/** A chunk ends with the row that reaches one of these. */
export interface ChunkLimits {
  readonly bytes: number;
  readonly rows: number;
}

/**
 * Some megabytes, or as many rows as their answers, which may take more bytes than the rows, leave room for in an
 * isolate.
 */
export const CHUNK_LIMITS: ChunkLimits = { bytes: 4 * 1024 * 1024, rows: 8192 };

export interface Chunker {
  /** Returns the chunks that end in the next bytes. */
  read(bytes: Uint8Array): Chunk[];
  /** Returns the rest of the file as a chunk, if it holds a row. */
  rest(): Chunk[];
  /** The start of the chunk that has not ended yet. */
  readonly next: ChunkStart;
  /** Bytes since the last end of a row. */
  readonly openBytes: number;
}

/** Splits text at ends of rows, from the first byte of a row on. */
export function chunker(format: TextFormat, from: ChunkStart, limits: ChunkLimits): Chunker {
  const scan = rowScan(format);
  let { index, start, row } = from;
  let [at, rows, rowEnd] = [start, 0, start];
  const cut = (end: number): Chunk => {
    const chunk = { index, start, end, row, rows };
    index += 1;
    row += rows;
    start = end;
    rows = 0;
    return chunk;
  };
  return {
    get next() {
      return { index, start, row };
    },
    get openBytes() {
      return at - rowEnd;
    },
    read: (bytes) => {
      const chunks: Chunk[] = [];
      scan.read(bytes, (end) => {
        rowEnd = from.start + end;
        rows += 1;
        if (rows >= limits.rows || rowEnd - start >= limits.bytes) chunks.push(cut(rowEnd));
      });
      at += bytes.length;
      return chunks;
    },
    rest: () => {
      if (scan.isWithinRow) rows += 1;
      return rows === 0 ? [] : [cut(at)];
    },
  };
}

/** Returns up to `most` chunks of rows of `rowBytes` each, which need not be read to be counted. */
export function fixedChunks(
  { index, start, row }: ChunkStart,
  {
    rowBytes,
    fileBytes,
    most,
  }: { readonly rowBytes: number; readonly fileBytes: number; readonly most: number },
  limits: ChunkLimits,
): Chunk[] {
  const rows = Math.max(1, Math.min(limits.rows, Math.floor(limits.bytes / rowBytes)));
  const left = Math.floor((fileBytes - start) / rowBytes);
  return Array.from({ length: Math.min(most, Math.ceil(left / rows)) }, (_, i) => {
    const own = Math.min(rows, left - i * rows);
    const first = start + i * rows * rowBytes;
    return { index: index + i, start: first, end: first + own * rowBytes, row: row + i * rows, rows: own };
  });
}
