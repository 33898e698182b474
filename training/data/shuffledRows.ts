/** Training rows in the order of an epoch. */
import { permutation, random } from '../../shared/random.ts';
import type { Matrix } from '../../shared/tensor.ts';
import { type AnyRows, batcher, takeRows } from './batches.ts';
import type { StoredRows } from './storedRows.ts';

/** Rows to train on, in memory or in a file. */
export type TrainingRows = AnyRows | StoredRows;

export interface EpochOrder {
  readonly seed: number;
  /** Counts from 1; the order depends only on the seed and the epoch. */
  readonly epoch: number;
  /** Most rows that are taken at a time. */
  readonly most: number;
}

/** Takes the next rows of an epoch; valid until the next call. */
export type TakeRows = (count: number) => Promise<Matrix>;

export function shuffledRows(rows: TrainingRows, order: EpochOrder): TakeRows {
  return isStored(rows) ? fromBlocks(rows, order) : fromMemory(rows, order);
}

function isStored(rows: TrainingRows): rows is StoredRows {
  return 'blocks' in rows;
}

function fromMemory(rows: AnyRows, { seed, epoch, most }: EpochOrder): TakeRows {
  const order = permutation(rows.rowCount, random(seed, `shuffle/${epoch}`));
  const take = batcher(rows, most);
  let at = 0;
  return async (count) => {
    const taken = take(order.subarray(at, at + count));
    at += count;
    return taken;
  };
}

/** Reads the blocks in random order, each while the rows of the one before are taken in random order. */
function fromBlocks(rows: StoredRows, { seed, epoch, most }: EpochOrder): TakeRows {
  const { blocks, width } = rows;
  // Rows in a single block have the order that they would have in memory.
  const streamOf = (block: number) =>
    blocks.length === 1 ? `shuffle/${epoch}` : `shuffle/${epoch}/${block}`;
  const sequence = permutation(blocks.length, random(seed, `blocks/${epoch}`));
  const buffer = new Float32Array(most * width);
  let place = 0;
  const readNext = () => (place < sequence.length ? readBlock(sequence[place++]!) : undefined);
  const readBlock = async (block: number) => ({
    matrix: await rows.read(block),
    order: permutation(blocks[block]!, random(seed, streamOf(block))),
  });
  let coming = readNext();
  let current: Awaited<ReturnType<typeof readBlock>> | undefined;
  let at = 0;
  return async (count) => {
    for (let filled = 0; filled < count; ) {
      if (current === undefined || at === current.order.length) {
        current = await coming!;
        coming = readNext();
        // An error is that of the call that needs the block.
        coming?.catch(() => undefined);
        at = 0;
      }
      const end = Math.min(current.order.length, at + count - filled);
      takeRows(current.matrix, current.order.subarray(at, end), buffer.subarray(filled * width));
      filled += end - at;
      at = end;
    }
    return { data: buffer.subarray(0, count * width), rowCount: count, width };
  };
}
