/** Splitting of files into chunks of whole rows, against parsers of others, for bytes that arrive in any pieces. */
import { csvFormatRows, csvParseRows } from 'd3-dsv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chunk } from '../../../edge/jobBindings.ts';
import { chunker, fixedChunks } from '../../../edge/jobs/chunks.ts';
import { csvValues, type TextFormat } from '../../../edge/jobs/rowScan.ts';
import { rowsIn } from '../../../edge/jobs/rowsIn.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const START = { index: 0, start: 0, row: 0 };

/** All chunks of a text that is read in pieces of `step` bytes. */
function chunksOf(
  format: TextFormat,
  text: string,
  limits: { bytes: number; rows: number },
  step: number,
): Chunk[] {
  const bytes = encoder.encode(text);
  const found = chunker(format, START, limits);
  const chunks: Chunk[] = [];
  for (let at = 0; at < bytes.length; at += step) chunks.push(...found.read(bytes.subarray(at, at + step)));
  return [...chunks, ...found.rest()];
}

const limitsOf = fc.record({ bytes: fc.integer({ min: 1, max: 60 }), rows: fc.integer({ min: 1, max: 5 }) });
/** Values with all that has a meaning in CSV. */
const value = fc.string({ unit: fc.constantFrom(...'a",\n\r é🙂') });
const table = fc.array(fc.array(value, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 12 });

function expectContiguous(chunks: readonly Chunk[], text: string): void {
  let next = START;
  for (const { index, start, end, row, rows } of chunks) {
    expect({ index, start, row }).toEqual(next);
    expect(rows).toBeGreaterThan(0);
    next = { index: index + 1, start: end, row: row + rows };
  }
  expect(next.start).toBeLessThanOrEqual(encoder.encode(text).length);
}

describe('chunks', () => {
  it('of CSV hold the rows that a parser finds, each once, and have no more rows than allowed', () => {
    fc.assert(
      fc.property(table, limitsOf, fc.integer({ min: 1, max: 40 }), (rows, limits, step) => {
        // A line of nothing but white space is no row.
        const kept = rows.map(([first, ...rest]) => [`x${first}`, ...rest]);
        const text = csvFormatRows(kept);
        const chunks = chunksOf('csv', text, limits, step);
        expectContiguous(chunks, text);
        const bytes = encoder.encode(text);
        const parsed = chunks.flatMap(({ start, end, rows: count }) => {
          const own = csvParseRows(decoder.decode(bytes.subarray(start, end)).replace(/\n$/, ''));
          expect(own).toHaveLength(count);
          expect(count).toBeLessThanOrEqual(limits.rows);
          return own;
        });
        expect(parsed).toEqual(kept);
      }),
    );
  });

  it('of NDJSON hold the lines, without blank ones', () => {
    const line = fc.constantFrom('[1,2]', '{"a":"\\n"}', '', '  ', '\r', '"é"');
    fc.assert(
      fc.property(fc.array(line), limitsOf, fc.integer({ min: 1, max: 40 }), (lines, limits, step) => {
        const text = lines.join('\n');
        const chunks = chunksOf('ndjson', text, limits, step);
        expectContiguous(chunks, text);
        const bytes = encoder.encode(text);
        const found = chunks.flatMap(({ start, end, rows }) => {
          const own = decoder
            .decode(bytes.subarray(start, end))
            .split('\n')
            .filter((each) => each.trim() !== '');
          expect(own).toHaveLength(rows);
          return own;
        });
        expect(found).toEqual(lines.filter((each) => each.trim() !== ''));
      }),
    );
  });

  it('of float32 values hold whole rows', () => {
    const all = { rowBytes: 8, fileBytes: 80, most: 100 };
    const chunks = fixedChunks(START, all, { bytes: 24, rows: 100 });
    expect(chunks.map(({ start, end, row, rows }) => [start, end, row, rows])).toEqual([
      [0, 24, 0, 3],
      [24, 48, 3, 3],
      [48, 72, 6, 3],
      [72, 80, 9, 1],
    ]);
    const [, ...rest] = chunks;
    expect(fixedChunks({ index: 1, start: 24, row: 3 }, all, { bytes: 24, rows: 100 })).toEqual(rest);
    expect(fixedChunks(START, { ...all, most: 1 }, { bytes: 24, rows: 2 })).toHaveLength(1);
  });
});

it('the rows that a consumer reads are as many as were planned', () => {
  fc.assert(
    fc.property(table, fc.integer({ min: 1, max: 4 }), (rows, most) => {
      const bytes = encoder.encode(`\n${csvFormatRows(rows.map((row) => ['x', ...row]))}\n\n`);
      const job = { format: 'csv', columns: { count: 4, of: [] }, rowBytes: undefined } as const;
      const counts = [...rowsIn(job, bytes, most)].map(({ count }) => count);
      expect(Math.max(...counts)).toBeLessThanOrEqual(most);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(rows.length);
    }),
  );
});

describe('values of a line of CSV', () => {
  it('are those that a parser finds', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
        // Blanks around values without quotes are dropped, which RFC 4180 leaves open.
        const given = values.map((each) => (/[",\n\r]/.test(each) ? each : each.trim()));
        expect(csvValues(csvFormatRows([given]))).toEqual(given);
      }),
    );
  });

  it('a quote within a value is a quote, and a missing one ends with the line', () => {
    expect(csvValues('5" pipe, 2')).toEqual(['5" pipe', '2']);
    expect(csvValues('"open, 2')).toEqual(['open, 2']);
    expect(csvValues('')).toEqual(['']);
  });
});
