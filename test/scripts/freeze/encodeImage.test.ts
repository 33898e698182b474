import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeImage } from '../../../edge/runtime/frozen/image.ts';
import { encodeImage } from '../../../scripts/freeze/encodeImage.ts';
import { random } from '../../../shared/random.ts';

const PAGE = 2 ** 16;

/** Writes the image into fresh memory. */
function decoded(image: Uint8Array<ArrayBuffer>, pages: number): Uint8Array {
  const memory = new WebAssembly.Memory({ initial: pages });
  writeImage(image.buffer, memory);
  return new Uint8Array(memory.buffer);
}

/** Places of copies, multiples of 8 as allocations are. */
const place = fc.integer({ min: 0, max: (2 * PAGE) / 8 - 1 }).map((at) => 8 * at);
const copies = fc.array(fc.record({ from: place, to: place, bytes: fc.integer({ min: 1, max: PAGE / 2 }) }), {
  maxLength: 6,
});

test('an image restores any memory, with copies that overlap, zeros and unread bytes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 99 }),
      copies,
      fc.array(place, { maxLength: 3 }),
      (seed, moves, fills) => {
        const memory = new Uint8Array(2 * PAGE);
        const draw = random(seed, 'memory');
        for (let i = 64; i < PAGE / 2; i++) memory[i] = draw.integer(256);
        for (const { from, to, bytes } of moves) memory.copyWithin(Math.max(64, to), from, from + bytes);
        for (const at of fills) memory.fill(0xff, Math.max(64, at), at + 1000);
        expect(Buffer.compare(decoded(encodeImage(memory), 2), memory)).toBe(0);
      },
    ),
    { numRuns: 50 },
  );
});

test('weights that are there twice are stored once', () => {
  const memory = new Uint8Array(4 * PAGE);
  const draw = random(1, 'weights');
  for (let i = 64; i < PAGE; i++) memory[i] = draw.integer(256);
  // A multiple of 16, as in onnxruntime, but not of 64.
  memory.copyWithin(2 * PAGE + 16, 64, PAGE);
  const image = encodeImage(memory);
  expect(Buffer.compare(decoded(image, 4), memory)).toBe(0);
  expect(image.length).toBeLessThan(PAGE + 1000);
});
