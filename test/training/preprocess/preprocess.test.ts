import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import { random } from '../../../shared/random.ts';
import type { FittedColumn } from '../../../training/data/preprocessing.ts';
import type { Table } from '../../../training/data/table.ts';
import type { Input } from '../../../training/graph/types.ts';
import { input } from '../../../training/graph/value.ts';
import { encodeColumn, fitColumn, missingIn } from '../../../training/preprocess/columns.ts';
import { encodedDataset } from '../../../training/preprocess/dataset.ts';
import { emitDecoding, emitEncoding, rawInputs } from '../../../training/preprocess/emit.ts';
import { layoutsOf } from '../../../training/preprocess/layout.ts';
import { rawRows } from '../../../training/preprocess/preprocessing.ts';
import { TRANSFORMS, type TransformName } from '../../../training/preprocess/registry.ts';
import type { TransformStep } from '../../../training/preprocess/steps.ts';
import { tableOf } from '../../support/data/tables.ts';
import { type Feeds, inOnnxruntime, inTfjs, inWasm } from '../../support/training/evaluate.ts';

const RUNTIMES = [inOnnxruntime, inWasm];

type Cells = readonly (number | string | null)[];

/** Cases as written by `sklearnTransforms.py`; `''` is a missing category. */
interface Case {
  readonly steps: readonly TransformStep[];
  readonly train: Cells;
  readonly other: Cells;
  readonly made: readonly (readonly (number | null)[])[];
  readonly back: readonly (readonly number[])[] | null;
}

const path = (name: string) =>
  fileURLToPath(new URL(`../../support/training/sklearnTransforms.${name}`, import.meta.url));
const CASES: readonly Case[] = JSON.parse(readFileSync(path('json'), 'utf8'));

/** Fitted on the first values of a table of one column `x`, and the others to apply it to. */
function fitted({ steps, train, other }: Pick<Case, 'steps' | 'train' | 'other'>) {
  const cells = [...train, ...other].map((cell) => (cell === '' ? null : cell));
  const table = tableOf({ x: cells });
  const column = fitColumn(table, 'x', steps, Uint32Array.from(train.keys()));
  const rows = Uint32Array.from(other, (_, i) => train.length + i);
  return { table, column, rows };
}

/** The encoded numbers of the rows, concatenated. */
function applied(table: Table, columns: readonly FittedColumn[], rows: Uint32Array): number[] {
  const layouts = layoutsOf(columns);
  const parts = columns.map((fitted, c) => {
    const { width, indicator } = layouts[c]!;
    const encoded = encodeColumn(table.columns[c]!, fitted, table.source);
    const missing = missingIn(table.columns[c]!);
    return (row: number) => [
      ...encoded.subarray(row * width, (row + 1) * width),
      ...(indicator ? [missing[row]!] : []),
    ];
  });
  return Array.from(rows).flatMap((row) => parts.flatMap((of) => of(row)));
}

/** The raw rows, for the inputs of a graph. */
function feedsOf(columns: readonly FittedColumn[], table: Table, rows: Uint32Array) {
  return (inputs: readonly Input[]): Feeds => {
    const [batch] = [...rawRows({ columns, table }, rows)(rows.length, rows.length)];
    return new Map(inputs.map((each) => [each, batch![each.name]!]));
  };
}

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number) {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    const scale = Math.max(1, Math.abs(expected[i]!));
    // NaN stands for missing on both sides.
    if (!Object.is(value, expected[i]))
      expect(Math.abs(value - expected[i]!) / scale).toBeLessThan(tolerance);
  });
}

it('agrees with the installed scikit-learn', () => {
  const made = spawnSync('python3', [path('py')], { encoding: 'utf8' });
  // Without a Python that has scikit-learn, its recorded results have to do.
  if (made.status === 0) expect(JSON.parse(made.stdout)).toEqual(CASES);
});

describe.each(CASES)('$steps of $train', ({ steps, train, other, made }) => {
  const { table, column, rows } = fitted({ steps, train, other });
  const expected = made.flat().map((value) => value ?? Number.NaN);
  const inputs = rawInputs([column]);
  const feeds = feedsOf([column], table, rows);

  it("matches scikit-learn's in TypeScript, in onnxruntime and in WASM", async () => {
    const encoded = emitEncoding([column], inputs);
    expectClose(applied(table, [column], rows), expected, 1e-6);
    for (const run of RUNTIMES) expectClose((await run([encoded], feeds(inputs)))[0]!, expected, 1e-6);
  });
});

describe.each(CASES.filter(({ back }) => back !== null))('$steps of $train', ({ back, ...given }) => {
  const { table, column, rows } = fitted(given);

  it("inverts as scikit-learn's does", async () => {
    const inputs = rawInputs([column]);
    const decoded = emitDecoding([column], emitEncoding([column], inputs));
    const [actual] = await inOnnxruntime([decoded], feedsOf([column], table, rows)(inputs));
    expectClose(actual!, back!.flat(), 1e-5);
  });
});

/** Ways to use each transform: for numbers, or for words. */
const CHAINS: Readonly<Record<TransformName, readonly (readonly TransformStep[])[]>> = {
  impute: [
    [{ transform: 'impute', strategy: 'mean' }],
    [{ transform: 'impute', strategy: 'mostFrequent', indicator: true }, { transform: 'standard' }],
  ],
  minMax: [[{ transform: 'minMax' }]],
  standard: [[{ transform: 'standard' }], [{ transform: 'impute' }, { transform: 'standard' }]],
  robust: [[{ transform: 'robust' }]],
  log1p: [[{ transform: 'clip', min: -0.5, max: 2 }, { transform: 'log1p' }]],
  symlog: [[{ transform: 'symlog' }, { transform: 'standard' }]],
  clip: [[{ transform: 'clip' }], [{ transform: 'clip', min: -1, max: 1 }, { transform: 'minMax' }]],
  imputeCategory: [
    [{ transform: 'imputeCategory', indicator: true }, { transform: 'oneHot' }],
    [{ transform: 'imputeCategory', strategy: 'constant' }, { transform: 'label' }, { transform: 'minMax' }],
  ],
  oneHot: [[{ transform: 'oneHot' }]],
  label: [[{ transform: 'label' }, { transform: 'standard' }]],
};

describe.each(Object.entries(CHAINS))('transform %s', (name, chains) => {
  const { kind, summary } = TRANSFORMS[name as TransformName];

  it('has a summary', () => expect(summary).toMatch(/^\S.{10,110}$/));

  it.each(chains.map((steps) => ({ steps })))(
    'gives the same numbers in every runtime: $steps',
    async ({ steps }) => {
      for (const seed of [1, 2, 3]) {
        const table = randomTable(kind === 'number' ? 'numbers' : 'words', seed);
        const train = Uint32Array.from({ length: 40 }, (_, i) => i);
        const columns = table.columns.map((column) => fitColumn(table, column.name, steps, train));
        // Rows outside the training rows, with a value and a word that no training row has.
        const rows = Uint32Array.from({ length: 20 }, (_, i) => 40 + i);
        const inputs = rawInputs(columns);
        const outputs = [emitEncoding(columns, inputs)];
        const decoded = emitDecoding(columns, outputs[0]!);
        const expected = applied(table, columns, rows);
        const feeds = feedsOf(columns, table, rows)(inputs);
        for (const run of [...RUNTIMES, inTfjs]) expectClose((await run(outputs, feeds))[0]!, expected, 2e-6);
        const [native, wasm] = [await inOnnxruntime([decoded], feeds), await inWasm([decoded], feeds)];
        expectClose(wasm[0]!, native[0]!, 1e-6);
      }
    },
  );
});

it('has chains for every transform', () => {
  expect(Object.keys(CHAINS)).toEqual(Object.keys(TRANSFORMS));
});

/** 60 rows of three columns, a tenth missing. */
function randomTable(of: 'numbers' | 'words', seed: number): Table {
  const source = random(seed, of);
  const column = (i: number) =>
    Array.from({ length: 60 }, (_, row) => {
      if (source.uniform() < 0.1) return null;
      const value = (source.uniform() - 0.5) * 10 ** i + (row < 40 ? 0 : 2);
      return of === 'numbers'
        ? value
        : row < 40
          ? `w${Math.floor(source.uniform() * 4)}`
          : `w${2 + (row % 3)}`;
    });
  return tableOf({ a: column(0), b: column(1), c: column(2) });
}

describe('probabilities', () => {
  it('of a one-hot column add up to 1 for any scores, and are equal if no score is positive', async () => {
    const column = fitted({ steps: [{ transform: 'oneHot' }], train: ['a', 'b', 'c'], other: [] }).column;
    const scores = input('scores', ['N', 3]);
    const data = Float32Array.of(0.2, 0.6, 0.2, -0.5, 0.25, 0.75, -1, -2, 0);
    const feeds: Feeds = new Map([[scores, { dtype: 'float32', shape: [3, 3], data }]]);
    const [shares] = await inOnnxruntime([emitDecoding([column], scores)], feeds);
    expectClose(shares!, [0.2, 0.6, 0.2, 0, 0.25, 0.75, 1 / 3, 1 / 3, 1 / 3], 1e-5);
  });

  it('of a label are shared by the two nearest positions', async () => {
    const column = fitted({
      steps: [{ transform: 'label' }],
      train: ['low', 'mid', 'top'],
      other: [],
    }).column;
    const position = input('position', ['N', 1]);
    const data = Float32Array.of(1, 2.25, 9, -4);
    const feeds: Feeds = new Map([[position, { dtype: 'float32', shape: [4, 1], data }]]);
    const [shares] = await inOnnxruntime([emitDecoding([column], position)], feeds);
    expectClose(shares!, [1, 0, 0, 0, 0.75, 0.25, 0, 0, 1, 1, 0, 0], 1e-5);
  });
});

it('names the column and the value that the transforms of an older model cannot encode', () => {
  const table = tableOf({ spend: [1, 2, 3, -5] });
  // As in manifests from before `least`.
  const steps = [{ transform: 'log1p', options: {}, statistics: {} }];
  const column: FittedColumn = { name: 'spend', type: 'number', steps };
  expect(() => encodeColumn(table.columns[0]!, column, 'orders.csv')).toThrow(
    /^orders.csv: column spend, row 4: expected a value that .* can encode, received -5; leave the row out/,
  );
});

it('counts the categories that no training row has', () => {
  const table = tableOf({ colour: ['red', 'blue', 'red', 'green', 'pink', null] });
  const column = fitColumn(table, 'colour', [{ transform: 'oneHot' }], Uint32Array.of(0, 1, 2));
  expect(encodedDataset(table, [column]).notes).toEqual([
    "column colour: 2 of 6 rows hold a category that no training row has, such as 'green'",
  ]);
});

describe('symlog', () => {
  const steps: TransformStep[] = [
    { transform: 'impute' },
    { transform: 'symlog' },
    { transform: 'standard' },
  ];
  // The largest float32, and values that log1p has no number for.
  const other = [-5, -1, 3.4e38, -3.4e38, 0, null];
  const { table, column, rows } = fitted({ steps, train: [0, 1, 10, 1000], other });
  const inputs = rawInputs([column]);
  const encoding = emitEncoding([column], inputs);

  it('is finite for every number, in every runtime and in both directions', async () => {
    const expected = applied(table, [column], rows);
    expect(expected.every(Number.isFinite)).toBe(true);
    for (const run of RUNTIMES) {
      const feeds = feedsOf([column], table, rows)(inputs);
      expectClose((await run([encoding], feeds))[0]!, expected, 1e-6);
      const [back] = await run([emitDecoding([column], encoding)], feeds);
      expectClose(back!.slice(0, 2), [-5, -1], 1e-5);
      expect(back!.every(Number.isFinite)).toBe(true);
    }
  });

  it('equals log1p from 0 upwards', () => {
    const values = [0, 0.5, 3, 1e6];
    const of = (transform: 'symlog' | 'log1p') => {
      const own = fitted({ steps: [{ transform }], train: values, other: values });
      return applied(own.table, [own.column], own.rows);
    };
    expect(of('symlog')).toEqual(of('log1p'));
  });
});

describe('a step that cannot be fitted or applied is refused, naming the column', () => {
  const of = (steps: readonly TransformStep[], train: Cells, other: Cells = []) => {
    const { table, column, rows } = fitted({ steps, train, other });
    return applied(table, [column], rows);
  };
  it.each<[string, () => unknown, RegExp]>([
    [
      'nothing to fit on',
      () => of([{ transform: 'standard' }], [null, null], [1]),
      /^test: column x: expected a value in the training rows, found all missing; ignore/,
    ],
    [
      'log1p of -1',
      () => of([{ transform: 'log1p' }], [2, -1]),
      /^test: column x: expected values above -1 for log1p, found -1$/,
    ],
    [
      'numbers one-hot',
      () => of([{ transform: 'oneHot' }], [1, 2]),
      /column x: transform 'oneHot': expected categories, received numbers$/,
    ],
    [
      'scaled words',
      () => of([{ transform: 'minMax' }], ['a']),
      /'minMax': expected numbers, received categories; encode them/,
    ],
    [
      'words left as they are',
      () => of([{ transform: 'imputeCategory' }], ['a']),
      /expected oneHot or label among the steps of categories$/,
    ],
    [
      'an unknown option',
      () => of([{ transform: 'impute', strategy: 'mode' } as unknown as TransformStep], [1]),
      /column x: transform 'impute.strategy': Invalid option.*; received {"strategy":"mode"}$/,
    ],
    [
      'an unknown transform',
      () => of([{ transform: 'scale' } as unknown as TransformStep], [1]),
      /column x: transform 'scale' is unknown; expected one of impute, minMax, /,
    ],
    [
      'an unknown category, if that is an error',
      () => of([{ transform: 'oneHot', unknown: 'error' }], ['a', 'b'], ['a', 'c']),
      /^test: column x, row 4: expected one of a, b, as in the training rows, found c; set unknown/,
    ],
    [
      'a missing category, if that is an error',
      () => of([{ transform: 'label', unknown: 'error' }], ['a', 'b'], ['']),
      /row 3: .* found it missing; /,
    ],
    [
      'values beyond float32',
      () => of([{ transform: 'minMax' }], [1], [2, 1e39]),
      /row 3: .* received 1e\+39$/,
    ],
  ])('%s', (_, work, message) => {
    expect(work).toThrow(InputError);
    expect(work).toThrow(message);
  });

  it('also by the graph, in both runtimes', async () => {
    const steps: TransformStep[] = [{ transform: 'oneHot', unknown: 'error' }];
    const { table, column } = fitted({ steps, train: ['a', 'b'], other: ['c'] });
    const inputs = rawInputs([column]);
    const encoded = emitEncoding([column], inputs);
    const known = feedsOf([column], table, Uint32Array.of(1))(inputs);
    const unknown = feedsOf([column], table, Uint32Array.of(2))(inputs);
    for (const run of RUNTIMES) {
      expect(await run([encoded], known)).toEqual([[0, 1]]);
      await expect(run([encoded], unknown)).rejects.toThrow();
    }
  });
});
