import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { withDatabase } from '../../../training/data/duckdb/database.ts';
import { readTable } from '../../../training/data/read.ts';
import { rowLimitsOf } from '../../../training/data/rowLimits.ts';
import { shuffledRows } from '../../../training/data/shuffledRows.ts';
import { storedRowsWriter } from '../../../training/data/storedRows.ts';
import { type Column, selectRows, type Table } from '../../../training/data/table.ts';
import { onnxruntime } from '../../../training/engines/onnxruntime.ts';
import { fit as fitModel } from '../../../training/fitting/fit.ts';
import { encodedDataset } from '../../../training/preprocess/dataset.ts';
import { anomaly } from '../../../training/recipes/anomaly.ts';
import { tabular } from '../../../training/recipes/tabular.ts';
import { train } from '../../../training/train.ts';
import { curve, keptFolder, temporaryFolder } from '../../support/data/data.ts';
import { program } from '../../support/training/programs.ts';

const ROWS = 5000;
const DIVISION = { shares: { validation: 0.1, test: 0.2 }, seed: 3 };
/** A row near the end, the only one of its category. */
const ODD = 4321;
/** Rows of a file that is damaged near its end: more than DuckDB reads before the first is taken. */
const HALF_READ = 200_000;
let file: string;

beforeAll(() => {
  const source = random(1, 'large tables');
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const [a, b] = [source.uniform(), source.uniform()];
    const kind = row === ODD ? 'odd' : a > 0.5 ? 'high' : 'low';
    const day = new Date(Date.UTC(2026, 0, 1 + (row % 300))).toISOString().slice(0, 10);
    return [
      row % 7 === 0 ? '' : a.toFixed(5),
      (10 * a + b).toFixed(4),
      b > 0.9 ? 'yes' : 'no',
      kind,
      day,
    ].join();
  });
  file = join(keptFolder(), 'rows.csv');
  writeFileSync(file, `a,b,late,kind,day\n${lines.join('\n')}\n`);
});

/** Values as written: text for categories. */
function valuesOf(column: Column): readonly unknown[] {
  return column.type === 'category'
    ? Array.from(column.codes, (code) => column.categories[code] ?? null)
    : Array.from(column.values);
}

function contentOf({ columns }: Table) {
  return columns.map((column) => [column.name, column.type, valuesOf(column)]);
}

async function piecesOf({ whole }: Table): Promise<Table[]> {
  const pieces: Table[] = [];
  for await (const piece of whole!.pieces()) pieces.push(piece);
  whole!.close();
  return pieces;
}

const held = (hold: number) => ({ rows: { hold, seed: 3 } });

it('training rows that no disk has room for are refused before any is written', () => {
  expect(() => storedRowsWriter({ width: 1e6, rowCount: 1e9, seed: 1 })).toThrow(
    /^a copy of the training rows needs 4000000\.0 GB, but the disk of .* has only \d+\.\d GB free: .* TMPDIR=/,
  );
});

describe('a table of more rows than are held', () => {
  it('is a random sample of them, and its pieces are all rows', async () => {
    const all = await readTable(file);
    const sample = await readTable(file, held(800));
    const { whole } = sample;
    expect([whole!.rowCount, sample.rowCount]).toEqual([ROWS, 800 + whole!.covering.length]);
    expect(whole!.covering.length).toBeLessThan(6); // `late` has two values, and `kind` three
    expect(whole!.held).toEqual(whole!.held.toSorted());
    expect(contentOf(sample)).toEqual(contentOf(selectRows(all, whole!.held)));
    const mean = whole!.held.reduce((sum, row) => sum + row, 0) / sample.rowCount;
    expect(Math.abs(mean - ROWS / 2)).toBeLessThan((5 * ROWS) / Math.sqrt(12 * 800));
    const pieces = await piecesOf(sample);
    expect(pieces.flatMap(contentOf)).toEqual(contentOf(all));
  });

  it('has a row of each category, which trains', async () => {
    const { whole } = await readTable(file, held(100));
    expect(Array.from(whole!.covering, (at) => whole!.held[at])).toContain(ODD);
    whole!.close();
    const data = (await tabular.data(file, DIVISION, { hold: '100' })) as Dataset;
    const kind = data.preprocessing!.columns.find(({ name }) => name === 'kind')!;
    expect(kind.steps[0]!.statistics.categories).toEqual(['high', 'low', 'odd']);
    expect(data.notes).toEqual([expect.stringMatching(/^5,000 rows are more than are held/)]);
  });

  it('is read as it is if there are not more', async () => {
    const table = await readTable(file, held(ROWS));
    expect(table.whole).toBeUndefined();
    expect(table).toEqual(await readTable(file));
  });

  it('may be of SQL with statements before it', async () => {
    const sql = 'CREATE TABLE t AS SELECT i AS n FROM range(50) AS r(i); SELECT n, n * n AS square FROM t;';
    const table = await readTable(sql, held(10));
    expect(table.source).toBe('SELECT n, n * n AS square FROM t');
    const [piece] = await piecesOf(table);
    expect(valuesOf(piece!.columns[1]!)).toEqual(Array.from({ length: 50 }, (_, n) => n * n));
  });

  it('refuses a file that cannot be read to its end, of which DuckDB tells nothing', async () => {
    const damaged = join(temporaryFolder(), 'damaged.parquet');
    await withDatabase((connection) =>
      connection.run(
        `COPY (SELECT sin(i) AS a, cos(i) AS b FROM range(${HALF_READ}) AS r(i)) TO '${damaged}' (ROW_GROUP_SIZE 2048)`,
      ),
    );
    // The number of rows is at the end of the file, and is right.
    const bytes = readFileSync(damaged);
    writeFileSync(damaged, bytes.fill(0xff, Math.floor(0.8 * bytes.length), Math.floor(0.9 * bytes.length)));
    await expect(readTable(damaged, held(100))).rejects.toThrow(
      new RegExp(`damaged.parquet: expected ${HALF_READ} rows, read [0-9]+; read it again`),
    );
  });

  it('refuses values of another type than the sample has', async () => {
    const text = join(temporaryFolder(), 'mixed.csv');
    const lines = Array.from({ length: 3000 }, (_, row) =>
      row === 2900 ? 'x' : row % 2 === 0 ? 'yes' : 'no',
    );
    writeFileSync(text, `n,answer\n${lines.map((line, row) => `${row},${line}`).join('\n')}\n`);
    const table = await readTable(text, held(20));
    expect(table.columns[1]!.type).toBe('category'); // the row of `x` is held, as no other has it
    table.whole!.close();
  });
});

describe('limits', () => {
  it('read the first rows, or random ones', async () => {
    const all = await readTable(file);
    const first = await readTable(file, { rows: { limit: 40, seed: 1 } });
    expect(contentOf(first)).toEqual(
      contentOf(
        selectRows(
          all,
          Uint32Array.from({ length: 40 }, (_, i) => i),
        ),
      ),
    );
    const drawn = await readTable(file, { rows: { sample: 40, seed: 1 } });
    expect([drawn.rowCount, drawn.whole]).toEqual([40, undefined]);
    expect(contentOf(drawn)).toEqual(contentOf(await readTable(file, { rows: { sample: 40, seed: 1 } })));
    expect(contentOf(drawn)).not.toEqual(contentOf(await readTable(file, { rows: { sample: 40, seed: 2 } })));
  });

  it('are positive numbers that go together', () => {
    expect(() => rowLimitsOf({ limit: '0' }, DIVISION)).toThrow(/--limit: expected a number of rows/);
    expect(() => rowLimitsOf({ hold: '1e3x' }, DIVISION)).toThrow(/--hold: expected .* received 1e3x/);
    expect(() => rowLimitsOf({ limit: '9', sample: '9' }, DIVISION)).toThrow(/received both/);
    expect(() => rowLimitsOf({ hold: '9', time: 'day' }, DIVISION)).toThrow(/--hold: expected no --time/);
    expect(rowLimitsOf({ time: 'day' }, DIVISION).hold).toBeUndefined();
  });
});

/** Stores rows in blocks of a limited number of bytes, and returns them. */
async function stored(rows: Matrix, blockBytes: number) {
  const writer = storedRowsWriter({ ...rows, seed: 1, blockBytes });
  await writer.add(rows);
  return writer.finish();
}

function numbered(rowCount: number): Matrix {
  const width = 3;
  const data = Float32Array.from({ length: rowCount * width }, (_, i) => Math.floor(i / width));
  return { data, rowCount, width };
}

describe('stored rows', () => {
  it('train the same weights as the same rows in memory', async () => {
    const { rows } = curve(500);
    const validation = curve(60).rows;
    const weightsOf = async (train: Matrix | Awaited<ReturnType<typeof stored>>) => {
      const session = await onnxruntime(program(rows.width), {});
      const result = await fitModel(session, { train, validation, epochs: 3, batchSize: 32, seed: 1 });
      await session.dispose();
      return result;
    };
    expect(await weightsOf(await stored(rows, 2 ** 20))).toEqual(await weightsOf(rows));
  });

  it('come once in each epoch, in an order of its own, whatever the sizes of blocks and batches', async () => {
    const rows = await stored(numbered(10_000), 10_000);
    expect(rows.blocks.length).toBe(12);
    expect(rows.blocks.reduce((sum, count) => sum + count)).toBe(10_000);
    const epoch = async (number: number, seed = 1) => {
      const take = shuffledRows(rows, { seed, epoch: number, most: 1300 });
      const taken: number[] = [];
      for (let left = 10_000; left > 0; left -= 1300) {
        const { data, width } = await take(Math.min(1300, left));
        taken.push(...data.filter((_, i) => i % width === 0));
      }
      return taken;
    };
    const [first, second] = [await epoch(1), await epoch(2)];
    for (const taken of [first, second])
      expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10_000 }, (_, row) => row));
    expect(first).not.toEqual(second);
    expect(await epoch(1)).toEqual(first);
    expect(await epoch(1, 2)).not.toEqual(first);
    // Neighbours are as far apart as by chance: a third of all rows, on average.
    const apart = first.slice(1).reduce((sum, row, i) => sum + Math.abs(row - first[i]!), 0) / 9999;
    expect(Math.abs(apart - 10_000 / 3)).toBeLessThan(150);
  });
});

describe('recipes', () => {
  const choices = { hold: '1000' };

  it('store every row that is neither for validation nor for testing, encoded as in memory', async () => {
    const data = (await tabular.data(file, DIVISION, choices)) as Dataset;
    const { whole } = await readTable(file, held(1000));
    const all = encodedDataset(await readTable(file), data.preprocessing!.columns).rows;
    const heldOut = new Set([...data.parts!.validation, ...data.parts!.test].map((row) => whole!.held[row]!));
    whole!.close();
    expect(heldOut.size).toBeGreaterThan(290);
    const expected = Array.from({ length: ROWS }, (_, row) => row).filter((row) => !heldOut.has(row));
    const { data: values, rowCount, width } = await data.stored!.read(0);
    expect([rowCount, data.stored!.rowCount]).toEqual([expected.length, expected.length]);
    const own = expected.flatMap((row) => [...all.data.subarray(row * width, (row + 1) * width)]);
    expect([...values]).toEqual(own);
  });

  it('fit transforms to the sample: within chance, those of all rows', async () => {
    const scaleOf = async (hold: number) => {
      const { preprocessing } = (await anomaly.data(file, DIVISION, { hold: String(hold) })) as Dataset;
      const { steps } = preprocessing!.columns.find(({ name }) => name === 'b')!;
      return steps.find(({ transform }) => transform === 'standard')!.statistics as {
        shift: number;
        scale: number;
      };
    };
    const [sampled, whole] = [await scaleOf(1000), await scaleOf(ROWS)];
    expect(Math.abs(sampled.shift - whole.shift)).toBeLessThan((4 * whole.scale) / Math.sqrt(700));
    expect(Math.abs(sampled.scale / whole.scale - 1)).toBeLessThan(4 / Math.sqrt(1400));
  });

  it('make the same artifact again', async () => {
    const run = async () => {
      const data = (await tabular.data(file, DIVISION, choices)) as Dataset;
      const settings = { hidden: [8], codeSize: 2, epochs: 2, batchSize: 64 };
      return train({ name: 'large', data, settings, seed: 3, out: temporaryFolder(), threads: 1 });
    };
    const [first, second] = [await run(), await run()];
    const { data, version, metrics, baselines } = first.artifact.manifest;
    expect(second.artifact.manifest.version).toBe(version);
    expect(data.rows.train).toBe(ROWS - data.rows.validation - data.rows.test);
    expect(data.sampled!.train).toBeLessThan(data.rows.train);
    expect(metrics.mse).toBeLessThan(baselines.untrained!.mse!);
  }, 60_000);
});
