import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { encode } from 'fast-png';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { imageFolder } from '../../../training/data/images.ts';
import { readDataset, readTable } from '../../../training/data/read.ts';
import { SOURCES, type SourceName } from '../../../training/data/sources/registry.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { contentOf, valuesOf, written } from '../../support/data/tables.ts';
import { NPZ, npyOf } from '../../support/training/numpy.ts';

/** Rows that every source of typed columns can hold. */
const MIXED = {
  a: ['number', 1, null, 3.5],
  flag: ['boolean', true, false, null],
  day: ['date', '2020-01-31', '2020-02-01', null],
  "it's, odd": ['category', 'x, y', null, 'w'],
};
const AS_SQL = `SELECT * FROM (VALUES (1.0, true, DATE '2020-01-31', 'x, y'), (NULL, false, DATE '2020-02-01', NULL),
  (3.5, NULL, NULL, 'w')) AS t(a, flag, day, "it's, odd")`;
const AS_CSV = `a,flag,day,"it's, odd"\n1,true,2020-01-31,"x, y"\nNA,false,2020-02-01,\n3.5,,N/A,w\n`;

async function duckdb(sql: string): Promise<void> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
}

interface SourceCase {
  /** Writes the file to read and returns its location. */
  readonly location: () => string | Promise<string>;
  readonly table?: Record<string, unknown[]>;
  readonly rows?: { readonly shape: readonly number[]; readonly values: readonly number[] };
}

const images = { shape: [2, 1, 2], values: [0, 51, 102, 255].map((byte) => byte / 255) };

const CASES: Readonly<Record<SourceName, readonly SourceCase[]>> = {
  sql: [
    { location: () => AS_SQL, table: MIXED },
    {
      location: () => `SET threads = 1; CREATE TABLE t AS ${AS_SQL}; FROM t -- ; the end`,
      table: MIXED,
    },
    {
      // Numbers and booleans that DuckDB reads as text because of a mark for missing values.
      location: () => `SELECT * FROM '${written('a.csv', 'n,b,t\n1,yes,NA\nNA,NA,2\n2.5,no,x\n')}'`,
      table: {
        n: ['number', 1, null, 2.5],
        b: ['boolean', true, null, false],
        t: ['category', null, '2', 'x'],
      },
    },
    {
      location: () => "SELECT x::DECIMAL(9, 2) AS d, x::HUGEINT AS h, '0' || x AS text FROM range(2) AS r(x)",
      table: { d: ['number', 0, 1], h: ['number', 0, 1], text: ['category', '00', '01'] },
    },
  ],
  csv: [
    { location: () => written('a.csv', AS_CSV), table: MIXED },
    { location: () => written('a.csv.gz', gzipSync(AS_CSV)), table: MIXED },
    {
      location: () => written('a.tsv', '\ufeffx\ty\r\n1\t2\r\n3\t4\r\n'),
      table: { x: ['number', 1, 3], y: ['number', 2, 4] },
    },
    {
      location: () => written('a.csv', '1;2\n3;4\n'),
      table: { column0: ['number', 1, 3], column1: ['number', 2, 4] },
    },
    {
      location: () => {
        const folder = temporaryFolder();
        writeFileSync(join(folder, 'b.csv'), 'x,y\n2.5,b\n');
        writeFileSync(join(folder, 'a.csv'), 'x,y\n1,"a"\n');
        return join(folder, '*.csv');
      },
      table: { x: ['number', 1, 2.5], y: ['category', 'a', 'b'] },
    },
  ],
  parquet: [
    {
      location: async () => {
        const path = join(temporaryFolder(), 'a.parquet');
        await duckdb(`COPY (${AS_SQL}) TO '${path}'`);
        return path;
      },
      table: MIXED,
    },
    {
      location: async () => {
        const path = join(temporaryFolder(), 'a.parquet');
        await duckdb(`COPY (SELECT 'a' AS t, [0.5, x]::FLOAT[] AS v FROM range(2) AS r(x)) TO '${path}'`);
        return path;
      },
      table: { t: ['category', 'a', 'a'], 'v[0]': ['number', 0.5, 0.5], 'v[1]': ['number', 0, 1] },
    },
  ],
  json: [
    {
      location: () => written('a.jsonl', '{"n": 1, "m": "NA"}\n{"n": null, "m": 2}\n{"m": 3.5}\n'),
      table: { n: ['number', 1, null, null], m: ['number', null, 2, 3.5] },
    },
    {
      location: () => written('a.json.gz', gzipSync('[{"n": 1.5, "t": "x"}, {"n": 2, "t": null}]')),
      table: { n: ['number', 1.5, 2], t: ['category', 'x', null] },
    },
  ],
  whitespace: [
    {
      location: () => written('a.txt', '  1.0e+00  -2\t3\n\n4 NA 6\n'),
      table: { column0: ['number', 1, 4], column1: ['number', -2, null], column2: ['number', 3, 6] },
    },
  ],
  idx: [
    {
      location: () =>
        written('a-idx3-ubyte.gz', gzipSync(Uint8Array.of(0, 0, 8, 3, ...uint32s(2, 1, 2), 0, 51, 102, 255))),
      rows: images,
    },
  ],
  npy: [
    {
      location: () => written('a.npy', npyOf('<f4', '(2, 3)', Float32Array.of(1.5, -2, 3, 4, 5, 6e5))),
      rows: { shape: [2, 3], values: [1.5, -2, 3, 4, 5, 6e5] },
    },
    {
      // np.array([[1.5, -2], [6e-8, 65504]], 'float16')
      location: () => written('a.npy', npyOf('<f2', '(2, 2)', Uint16Array.of(0x3e00, 0xc000, 1, 0x7bff))),
      rows: { shape: [2, 2], values: [1.5, -2, 2 ** -24, 65504] },
    },
    {
      location: () => written('a.npy', npyOf('|b1', '(2, 2)', Uint8Array.of(1, 0, 0, 1))),
      rows: { shape: [2, 2], values: [1, 0, 0, 1] },
    },
    {
      location: () => written('a.npy', npyOf('<i8', '(2,)', BigInt64Array.of(3n, -4n))),
      rows: { shape: [2, 1], values: [3, -4] },
    },
    {
      // Big-endian, first axis fastest: np.asfortranarray(np.arange(12).reshape(2, 3, 2).astype('>u2')).
      location: () => {
        const stored = [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11];
        const bytes = Uint8Array.from(stored.flatMap((value) => [0, value]));
        return written('a.npy', npyOf('>u2', '(2, 3, 2)', bytes, 'True'));
      },
      rows: { shape: [2, 3, 2], values: Array.from({ length: 12 }, (_, i) => i) },
    },
  ],
  npz: [
    {
      location: () => `${written('a.npz', NPZ)}#x`,
      rows: { shape: [3, 2], values: [0, 1, 2, 3, 4, 5] },
    },
    {
      location: () => `${written('a.npz', NPZ)}#y`,
      rows: { shape: [3, 1], values: [3, -4, 5] },
    },
  ],
  images: [
    {
      location: async () => {
        const folder = temporaryFolder();
        const png = (bytes: number[]) =>
          sharp(Uint8Array.from(bytes), { raw: { width: 2, height: 1, channels: 1 } })
            .toColourspace('b-w')
            .png();
        await png([102, 255]).toFile(join(folder, 'b.png'));
        await png([0, 51]).toFile(join(folder, 'a.png'));
        return folder;
      },
      rows: images,
    },
    {
      // 16 bits per channel, as the Worker reads them.
      location: async () => {
        const folder = temporaryFolder();
        const data = Uint16Array.of(0, 100, 257, 65_535);
        writeFileSync(join(folder, 'a.png'), encode({ width: 2, height: 2, channels: 1, depth: 16, data }));
        return folder;
      },
      rows: { shape: [1, 2, 2], values: [0, 100, 257, 65_535].map((value) => Math.fround(value / 65_535)) },
    },
  ],
};

function uint32s(...values: number[]): number[] {
  return values.flatMap((value) => [0, 0, 0, value]);
}

describe.each(Object.keys(SOURCES) as SourceName[])('source %s', (name) => {
  it('has a case', () => expect(CASES[name].length).toBeGreaterThan(0));

  it.each(CASES[name])('reads what was written (%#)', async ({ location, table, rows }) => {
    const place = await location();
    const recognising = Object.entries(SOURCES).filter(([, { recognises }]) => recognises(place));
    expect(recognising.map(([each]) => each)).toEqual([name]);
    expect(SOURCES[name].kind).toBe(table === undefined ? 'array' : 'table');
    if (table !== undefined) expect(contentOf(await readTable(place))).toEqual(table);
    if (rows !== undefined) {
      const dataset = await readDataset(place);
      expect([dataset.rows.rowCount, ...dataset.rowShape]).toEqual(rows.shape);
      expect(dataset.rows.rowCount * dataset.rows.width).toBe(rows.values.length);
      expect([...dataset.rows.data]).toEqual(rows.values.map(Math.fround));
    }
  });
});

describe('columns', () => {
  it('float32 stays float32; everything else is float64', async () => {
    const { columns } = await readTable(
      'SELECT 1::FLOAT AS f, 1::INTEGER AS i, 0.1::DOUBLE AS d FROM range(2)',
    );
    expect(columns.map((column) => 'values' in column && column.values.constructor)).toEqual([
      Float32Array,
      Float64Array,
      Float64Array,
    ]);
  });

  it('keep the order of the rows across chunks and pieces', async () => {
    const { columns, rowCount } = await readTable("SELECT i, 't' || i AS t FROM range(150000) AS r(i)");
    expect(rowCount).toBe(150_000);
    const [numbers, texts] = columns.map(valuesOf);
    expect(numbers!.every((value, row) => value === row)).toBe(true);
    expect(texts!.every((value, row) => value === `t${row}`)).toBe(true);
  });

  it('take marks for missing values and types from the options', async () => {
    const path = written('a.csv', 'zip,n,m\n01234,1,-\n05678,?,2\n00000,3,2\n');
    const table = await readTable(path, { missing: ['?', '-'], types: { zip: 'category' } });
    expect(contentOf(table)).toEqual({
      zip: ['category', '01234', '05678', '00000'],
      n: ['number', 1, null, 3],
      m: ['number', null, 2, 2],
    });
  });

  it('fit rows beyond the sample that their types were detected from', async () => {
    const rows = Array.from({ length: 25_000 }, () => '1,NA,yes,a');
    const path = written('late.csv', `n,late,flag,t\n${rows.join('\n')}\n2.5,7,unknown,"b, ""c"""\n`);
    const { columns } = await readTable(path);
    expect(columns.map(({ type }) => type)).toEqual(['number', 'number', 'category', 'category']);
    expect(columns.map((column) => valuesOf(column).at(-1))).toEqual([2.5, 7, 'unknown', 'b, "c"']);
  });
});

describe('folders of images', () => {
  const solid = (width: number, height: number, background: sharp.Color) =>
    sharp({ create: { width, height, channels: 4, background } });

  it('are stretched to the first size, in its channels, with subfolders as labels', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'cats'));
    mkdirSync(join(folder, 'dogs'));
    await solid(3, 2, { r: 255, g: 0, b: 51, alpha: 1 })
      .removeAlpha()
      .png()
      .toFile(join(folder, 'cats/1.png'));
    await solid(8, 8, { r: 0, g: 0, b: 255, alpha: 1 })
      .jpeg({ quality: 100 })
      .toFile(join(folder, 'dogs/1.jpg'));
    await solid(3, 2, { r: 255, g: 255, b: 255, alpha: 0 }).png().toFile(join(folder, 'dogs/2.png'));
    writeFileSync(join(folder, 'dogs/notes.txt'), 'not an image');
    const { rows, rowShape, labels } = await imageFolder(folder);
    expect([rows.rowCount, ...rowShape]).toEqual([3, 2, 3, 3]);
    expect(Array.from(labels!.rows, (label) => labels!.classes[label])).toEqual(['cats', 'dogs', 'dogs']);
    const firstPixels = [0, 1, 2].map((row) => [...rows.data.subarray(row * 18, row * 18 + 3)]);
    expect(firstPixels[0]).toEqual([1, 0, Math.fround(0.2)]);
    expect(firstPixels[1]![2]).toBeGreaterThan(0.98);
    expect(firstPixels[2]).toEqual([0, 0, 0]);
  });

  it('can be grey and of a given size; grey ones can be coloured', async () => {
    const folder = temporaryFolder();
    await solid(4, 4, { r: 100, g: 100, b: 100, alpha: 1 })
      .toColourspace('b-w')
      .png()
      .toFile(join(folder, 'a.png'));
    const { rows, rowShape, labels } = await imageFolder(folder, { size: [2, 3], channels: 3 });
    expect([rowShape, labels]).toEqual([[2, 3, 3], undefined]);
    expect(new Set(rows.data)).toEqual(new Set([Math.fround(100 / 255)]));
    expect((await imageFolder(folder, { channels: 1 })).rowShape).toEqual([4, 4]);
    expect((await imageFolder(folder)).rowShape).toEqual([4, 4]);
    await expect(imageFolder(join(folder, 'b'))).rejects.toThrow('b: no such folder');
  });
});
