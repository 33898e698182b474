/** Rows that are read from the bytes of JSON are those that a parser of JSON reads. */
import { describe, expect, test } from 'vitest';
import { rowFaults } from '../../edge/requests/rows/faults.ts';
import { packJsonRows } from '../../edge/requests/rows/json.ts';
import { numberReader } from '../../edge/requests/rows/jsonNumber.ts';
import type { RowLayout } from '../../edge/requests/rows/layout.ts';
import { packNumericJson } from '../../edge/requests/rows/numericJson.ts';
import { random } from '../../shared/random.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A layout of columns of numbers, of which the last may be missing. */
function layoutFor(width: number, isOnePerColumn = false): RowLayout {
  const columns = Array.from({ length: width }, (_, c) => ({ input: `c${c}`, dtype: 'float32' as const }));
  return {
    ...{ takes: 'rows', width, shape: undefined, positions: undefined },
    ...{ ignored: new Set(), nameOf: () => undefined },
    ...{ isOptional: (column) => column === width - 1, isBoolean: () => false, hasBooleans: false },
    ...(isOnePerColumn ? { input: undefined, columns } : { input: 'rows', columns: [] }),
  };
}

describe('a number', () => {
  const read = (text: string) => {
    const reader = numberReader(bytesOf(`[${text}]`));
    const value = Math.fround(reader.read(1));
    return Number.isNaN(value) ? undefined : [value, reader.end - 1];
  };

  test.each([
    ...['0', '-0', '1', '-12.5', '0.1', '1e5', '1E+5', '1e-5', '1.5e-45', '1e-46', '3.4028235e38', '1e39'],
    ...[
      '3.4028235677973366e38',
      '16777217',
      '16777217.0000000000000000001',
      '9007199254740993',
      '1e22',
      '1e23',
    ],
    // Half-way between two float32 numbers, and next to that on either side.
    ...['1.000000059604644775390625', '1.000000059604644775390624', '1.000000059604644775390626'],
    ...[
      `0.${'0'.repeat(400)}1`,
      `1${'0'.repeat(400)}`,
      `0.1${'0'.repeat(400)}1`,
      '1e400',
      '1e-400',
      '0e999999',
    ],
    ...['123456789012345678901234567890e-20', '0.00000000000000000000000000000001234567890123456789'],
  ])('%s', (text) => {
    expect(read(text)).toEqual([Math.fround(JSON.parse(text)), text.length]);
  });

  test.each(['', '-', '+1', '01', '-01', '.5', '5.', '1e', '1e+', '--1', 'NaN', 'Infinity', 'x', '"1"'])(
    'is none of JSON: %j',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );

  test('at random, written in many ways', () => {
    const source = random(7, 'numbers');
    const bits = new DataView(new ArrayBuffer(8));
    for (let round = 0; round < 50_000; round++) {
      for (const half of [0, 4]) bits.setUint32(half, source.integer(2 ** 32));
      const any = bits.getFloat64(0);
      const near = bits.getFloat32(0) * (1 + (source.uniform() - 0.5) * 2 ** -23);
      const usual = (source.uniform() - 0.5) * 10 ** (source.integer(12) - 6);
      const written = [any, near, usual].filter(Number.isFinite).flatMap((value) => {
        const digits = 1 + source.integer(21);
        return [`${value}`, value.toPrecision(digits), value.toExponential(Math.min(digits, 20))];
      });
      for (const text of written) {
        const value = Math.fround(JSON.parse(text));
        if (!Object.is(read(text)?.[0], value)) expect([text, read(text)?.[0]]).toEqual([text, value]);
      }
    }
  });
});

describe('rows', () => {
  test.each([false, true])('are those that the parsed body holds; an input per column: %s', (perColumn) => {
    const source = random(3, 'rows');
    const space = () => ['', ' ', '\n\t', '\r'][source.integer(4)]!;
    for (let round = 0; round < 300; round++) {
      const width = 1 + source.integer(5);
      const layout = layoutFor(width, perColumn);
      const cell = (c: number) =>
        c === width - 1 && source.uniform() < 0.3
          ? 'null'
          : `${((source.uniform() - 0.5) * 300) | 0}.${source.integer(99)}`;
      const list = (parts: string[]) => `[${parts.map((part) => space() + part + space()).join(',')}]`;
      const rows = Array.from({ length: 1 + source.integer(40) }, () =>
        list(Array.from({ length: width }, (_, c) => cell(c))),
      );
      const text = `${space()}{${space()}"rows"${space()}:${space()}${list(rows)}${space()}}${space()}`;
      const parsed = packJsonRows(JSON.parse(text).rows, layout, rowFaults().refuse);
      expect(packNumericJson(bytesOf(text), layout, 100)).toEqual(parsed);
    }
  });

  test.each([
    ...['', '{', '{}', '[]', '{"rows":[]}', '{"rows":[[]]}', '{"rows":[[1,2],[3]]}', '{"rows":[[1,2,3]]}'],
    ...['{"rows":[[1,2]]', '{"rows":[[1,2]]}x', '{"rows":[[1,2]],}', '{"rows":[[1,2]],"rows":[[3,4]]}'],
    ...['{"rows":[[1,2],]}', '{"rows":[[1,,2]]}', '{"rows":[[1,2,]]}', '{"rows":[[1 2]]}', '{"row":[[1,2]]}'],
    ...['{"rows":[[null,2]]}', '{"rows":[[1,nul]]}', '{"rows":[["1",2]]}', '{"rows":[[true,2]]}'],
    ...[
      '{"rows":[[1e39,2]]}',
      '{"rows":[{"a":1,"b":2}]}',
      '{"rows":[[1,2]],"labels":[1]}',
      '\ufeff{"rows":[[1,2]]}',
    ],
  ])('are left to the parser in %j', (text) => {
    expect(packNumericJson(bytesOf(text), layoutFor(2), 100)).toBeUndefined();
  });

  test('are left to the parser if there are too many, or if some are no numbers', () => {
    const bytes = bytesOf('{"rows":[[1,2],[3,4]]}');
    expect(packNumericJson(bytes, layoutFor(2), 2)).toBeDefined();
    expect(packNumericJson(bytes, layoutFor(2), 1)).toBeUndefined();
    expect(packNumericJson(bytes, { ...layoutFor(2), hasBooleans: true }, 2)).toBeUndefined();
    const columns = [{ input: 'a', dtype: 'string' as const }];
    expect(packNumericJson(bytes, { ...layoutFor(2, true), columns }, 2)).toBeUndefined();
  });

  test('whose first is far longer than the others', () => {
    const text = `{"rows":[[${' '.repeat(10_000)}1,2]${',[3,4]'.repeat(999)}]}`;
    const packed = packNumericJson(bytesOf(text), layoutFor(2), 1000);
    expect(packed).toEqual(packJsonRows(JSON.parse(text).rows, layoutFor(2), rowFaults().refuse));
  });
});
