import { expect, test } from 'vitest';
import type { Instance } from '../../edge/runtime/frozen/instance.ts';
import type { Thawing } from '../../edge/runtime/frozen/thaw.ts';
import { pieceByPiece } from '../../edge/runtime/isolates/pieces.ts';

const piece = (number: number) => Uint8Array.of(number).buffer;

/** Memories that only record what is written to them, and the instances that are made of these. */
function memories() {
  const written: number[][] = [];
  const begin = async (): Promise<Thawing> => {
    const own: number[] = [];
    written.push(own);
    const instance = { memory: own } as unknown as Instance;
    return { write: (image) => own.push(...new Uint8Array(image)), finish: () => instance };
  };
  return { written, runtime: pieceByPiece(begin) };
}

test('has an instance with the last piece, each of them written once and in order', async () => {
  const { written, runtime } = memories();
  expect(await runtime.take(1, 3, piece(1))).toBe(0);
  expect(runtime.get()).toBeUndefined();
  // Two isolates of a Worker send all of them.
  const sent = [0, 0, 1, 1, 2, 2].map((index) => runtime.take(index, 3, piece(index)));
  expect(await Promise.all(sent)).toEqual([1, 1, 2, 2, 3, 3]);
  expect(written).toEqual([[0, 1, 2]]);
  expect(runtime.get()!.memory).toBe(written[0]);
  expect(runtime.pieces()).toBe(3);
});

test('begins anew after a trap, and only for the instance that trapped', async () => {
  const { written, runtime } = memories();
  const fill = async () => {
    for (const index of [0, 1]) await runtime.take(index, 2, piece(index));
    return runtime.get()!;
  };
  const first = await fill();
  runtime.discard(first);
  expect(runtime.pieces()).toBe(0);
  expect(runtime.get()).toBeUndefined();
  const second = await fill();
  expect(second).not.toBe(first);
  runtime.discard(first);
  expect(runtime.get()).toBe(second);
  expect(written).toEqual([
    [0, 1],
    [0, 1],
  ]);
});
