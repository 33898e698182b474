/** Joining of objects in equal parts: nothing is left out, and nothing is there twice. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinedParts, partSize } from '../../../edge/jobs/parts.ts';

const MIB = 1024 * 1024;

/** The bytes that all parts hold, when objects are listed `page` at a time. */
function joinedBytes(objects: readonly string[], partBytes: number, most: number, page: number): string[] {
  const parts: string[] = [];
  let [first, offset] = [0, 0];
  for (let size = page; ; ) {
    const own = objects.slice(first, first + size);
    const isWhole = first + size >= objects.length;
    const sizes = own.map(({ length }) => length);
    const joined = joinedParts(sizes, { offset, partBytes, most, isWhole });
    for (const pieces of joined.parts) {
      const texts = pieces.map(({ position, offset: at, length }) => own[position]!.slice(at, at + length));
      parts.push(texts.join(''));
    }
    first += joined.next.position;
    offset = joined.next.offset;
    if (isWhole && joined.next.position >= own.length) return parts;
    // Objects that fill no part are listed again, with more of them.
    size = joined.parts.length === 0 ? size + page : page;
  }
}

it('parts hold all bytes in order, each as many, except for the last', () => {
  const objects = fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 20 });
  const small = fc.integer({ min: 1, max: 7 });
  fc.assert(
    fc.property(objects, small, small, small, (texts, partBytes, most, page) => {
      const parts = joinedBytes(texts, partBytes, most, page);
      expect(parts.join('')).toBe(texts.join(''));
      for (const part of parts.slice(0, -1)) expect(part).toHaveLength(partBytes);
      expect(parts.at(-1)!.length).toBeLessThanOrEqual(partBytes);
    }),
  );
});

it('parts are as large as R2 demands, and as few as it takes', () => {
  expect(partSize(0)).toBe(8 * MIB);
  const large = 1e12;
  expect(partSize(large) % MIB).toBe(0);
  expect(large / partSize(large)).toBeLessThan(10_000);
});
