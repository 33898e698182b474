import { expect, test } from 'vitest';
import { writeImage } from '../../../edge/runtime/frozen/image.ts';
import { encodeImage } from '../../../scripts/freeze/encodeImage.ts';
import { splitImage } from '../../../scripts/freeze/splitImage.ts';
import { random } from '../../../shared/random.ts';

const PAGE = 2 ** 16;

/** A memory with numbers, the same ones again, and bytes that are never read. */
function exampleMemory(): Uint8Array<ArrayBuffer> {
  const memory = new Uint8Array(4 * PAGE);
  const draw = random(1, 'image');
  for (let i = 1000; i < 50_000; i++) memory[i] = draw.integer(256);
  memory.copyWithin(PAGE + 24, 2000, 40_000);
  memory.fill(0xff, 2 * PAGE, 2 * PAGE + 5000);
  for (let i = 3 * PAGE; i < 3 * PAGE + 3000; i++) memory[i] = draw.integer(256);
  return memory;
}

test.each([64, 1000, 16_384, 1e6])('pieces of %i bytes give the memory of the whole image', (most) => {
  const expected = exampleMemory();
  const image = encodeImage(exampleMemory());
  const pieces = splitImage(image, most);
  const memory = new WebAssembly.Memory({ initial: 4 });
  for (const piece of pieces) {
    // As the isolate gets them.
    writeImage(piece.slice().buffer, memory);
    const [entries] = new Uint32Array(piece.buffer, 0, 1);
    expect(piece.length - 4 * (1 + 3 * entries!)).toBeLessThanOrEqual(most);
  }
  expect(Buffer.from(memory.buffer).equals(expected)).toBe(true);
  const [entries] = new Uint32Array(image.buffer, 0, 1);
  expect(pieces.length).toBe(Math.ceil((image.length - 4 * (1 + 3 * entries!)) / most));
});
