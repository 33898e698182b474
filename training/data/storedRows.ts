/** Training rows in a file: more of them than memory holds, in blocks that are read one at a time. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, read, rmSync, write } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Matrix } from '../../shared/tensor.ts';
import { asStorageError, requireSpace } from '../files.ts';

/** Each block holds a random part of the rows: shuffling within blocks, and their order, shuffles all rows. */
export interface StoredRows {
  readonly rowCount: number;
  readonly width: number;
  /** Rows in each block. */
  readonly blocks: readonly number[];
  /** sha256 of all values in the order in which they were added. */
  readonly fingerprint: string;
  /** Reads the rows of a block, in the order in which they were added. */
  readonly read: (block: number) => Promise<Matrix>;
}

export interface StoredRowsWriter {
  /** Copies rows into the file; these may change afterwards. */
  readonly add: (rows: Matrix) => Promise<void>;
  readonly finish: () => Promise<StoredRows>;
}

export interface StoredRowsOptions {
  readonly width: number;
  /** Rows that will be added, at most. */
  readonly rowCount: number;
  /** Seed of the block that each row belongs to. */
  readonly seed: number;
  /** Bytes of a block; 64 MiB by default. Two blocks are in memory at a time. */
  readonly blockBytes?: number;
}

const COPY = 'a copy of the training rows';
const BLOCK_BYTES = 2 ** 26;
/** More blocks would need more memory for what is not written yet. */
const MOST_BLOCKS = 1024;
/** Rows of a block are collected up to this size before they are written. */
const SEGMENT_BYTES = 2 ** 17;

const readAt = promisify(read);
const writeAt = promisify(write);

/** A part of a block that lies in one place of the file. */
interface Segment {
  readonly position: number;
  readonly bytes: number;
}

interface Block {
  readonly segments: Segment[];
  readonly pending: Float32Array;
  filled: number;
  rows: number;
}

/**
 * Creates a file without a name: its space is free again when the process ends, however it ends.
 * @throws {StorageError} if the disk has no room for all rows; `add` throws one if it is full all the same.
 */
export function storedRowsWriter(options: StoredRowsOptions): StoredRowsWriter {
  const { width, rowCount, seed, blockBytes = BLOCK_BYTES } = options;
  requireSpace(tmpdir(), rowCount * width * 4, COPY);
  const file = unnamedFile();
  const count = Math.max(1, Math.min(MOST_BLOCKS, Math.ceil((rowCount * width * 4) / blockBytes)));
  const segmentRows = Math.max(1, Math.min(rowCount, Math.floor(SEGMENT_BYTES / (4 * width))));
  const blocks = Array.from(
    { length: count },
    (): Block => ({ segments: [], pending: new Float32Array(segmentRows * width), filled: 0, rows: 0 }),
  );
  const hash = createHash('sha256');
  let [position, added] = [0, 0];

  const flush = async (block: Block) => {
    const bytes = bytesOf(block.pending.subarray(0, block.filled * width));
    block.segments.push({ position, bytes: bytes.length });
    position += bytes.length;
    block.filled = 0;
    await writeAll(file, bytes, position - bytes.length);
  };

  return {
    add: async ({ data, rowCount: more }) => {
      hash.update(bytesOf(data.subarray(0, more * width)));
      for (let row = 0; row < more; row++, added++) {
        const block = blocks[blockOf(added, seed, count)]!;
        // One by one, since a view for each row takes longer.
        for (let column = 0, to = block.filled * width; column < width; column++)
          block.pending[to + column] = data[row * width + column]!;
        block.filled++;
        block.rows++;
        if (block.filled === segmentRows) await flush(block);
      }
    },
    finish: async () => {
      for (const block of blocks) if (block.filled > 0) await flush(block);
      const filled = blocks.filter(({ rows }) => rows > 0);
      return {
        rowCount: added,
        width,
        blocks: filled.map(({ rows }) => rows),
        fingerprint: hash.digest('hex'),
        read: async (block) => {
          const { segments, rows } = filled[block]!;
          const data = new Float32Array(rows * width);
          let at = 0;
          for (const { position, bytes } of segments) {
            await readAll(file, bytesOf(data).subarray(at, at + bytes), position);
            at += bytes;
          }
          return { data, rowCount: rows, width };
        },
      };
    },
  };
}

/** A block at random, the same for the same seed and row: the finaliser of MurmurHash3. */
function blockOf(row: number, seed: number, count: number): number {
  let hash = (row ^ Math.imul(seed + 1, 0x9e3779b1)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return Math.floor((((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * count);
}

function unnamedFile(): number {
  const path = join(tmpdir(), `latentedge-rows-${process.pid}-${performance.now()}`);
  const file = openSync(path, 'wx+', 0o600);
  rmSync(path);
  return file;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function writeAll(file: number, bytes: Uint8Array, position: number): Promise<void> {
  try {
    for (let done = 0; done < bytes.length; )
      done += (await writeAt(file, bytes, done, bytes.length - done, position + done)).bytesWritten;
  } catch (error) {
    closeSync(file);
    throw asStorageError(error, `${COPY} in ${tmpdir()}`);
  }
}

async function readAll(file: number, into: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await readAt(file, into, done, into.length - done, position + done);
    if (bytesRead === 0) throw new Error(`the copy of the training rows ends at ${position + done}`);
    done += bytesRead;
  }
}
