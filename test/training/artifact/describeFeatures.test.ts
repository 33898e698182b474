import { describe, expect, it } from 'vitest';
import type { Features } from '../../../shared/features.ts';
import { describeFeatures } from '../../../training/artifact/describeFeatures.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { inferRoles } from '../../../training/data/roles.ts';
import { splitDataset } from '../../../training/data/split.ts';
import { randomSplit } from '../../../training/data/splits.ts';
import { filled } from '../../../training/objectives/weighting.ts';
import { tableDataset } from '../../../training/preprocess/dataset.ts';
import { emitEncoding, rawInputs } from '../../../training/preprocess/emit.ts';
import type { TransformStep } from '../../../training/preprocess/steps.ts';
import { curve } from '../../support/data/data.ts';
import { tableOf } from '../../support/data/tables.ts';
import { inOnnxruntime, inWasm } from '../../support/training/evaluate.ts';

const SHARES = { validation: 0.1, test: 0.1 };
const NUMBERS = Array.from({ length: 60 }, (_, row) => 3 + Math.sin(row));
const WORDS = Array.from({ length: 60 }, (_, row) => ['calm', 'rough', 'storm'][row % 3]!);

function described(data: Dataset, missing = false): Features {
  return describeFeatures(data, splitDataset(data, SHARES, 1), { missing });
}

function columns(given: Readonly<Record<string, readonly TransformStep[]>>): Dataset {
  const cells = Object.entries(given).map(
    ([name]) => [name, name.startsWith('n') ? NUMBERS : WORDS] as const,
  );
  const table = tableOf(Object.fromEntries(cells));
  const overrides = Object.fromEntries(
    Object.keys(given).map((name) => [name, { role: 'feature' }] as const),
  );
  return tableDataset(table, {
    roles: inferRoles(table, overrides),
    parts: randomSplit(table, SHARES, 1),
    steps: given,
  });
}

/** Code of a row whose only column is missing, from an exported graph; undefined if the runtime fails. */
async function encodings(data: Dataset, missing: boolean): Promise<(number[] | undefined)[]> {
  const fitted = data.preprocessing!.columns;
  const inputs = rawInputs(fitted);
  const encoded = filled(emitEncoding(fitted, inputs), { missing: missing ? 'mask' : 'error' });
  const nothing =
    inputs[0]!.dtype === 'string'
      ? ({ dtype: 'string', shape: [1, 1], data: [''] } as const)
      : ({ dtype: 'float32', shape: [1, 1], data: Float32Array.of(Number.NaN) } as const);
  return Promise.all(
    [inOnnxruntime, inWasm].map((run) =>
      run([encoded], new Map([[inputs[0]!, nothing]])).then(
        ([values]) => values,
        () => undefined,
      ),
    ),
  );
}

/** Steps of a column of numbers (`n`) or of words (`w`), and whether a row can do without it. */
const CASES: readonly [column: 'n' | 'w', steps: readonly TransformStep[], optional: boolean][] = [
  ['n', [{ transform: 'impute' }, { transform: 'standard' }], true],
  ['n', [{ transform: 'standard' }, { transform: 'impute', strategy: 'constant', indicator: true }], true],
  ['n', [{ transform: 'impute', strategy: 'constant', value: -4 }, { transform: 'log1p' }], true],
  ['n', [{ transform: 'clip' }, { transform: 'robust' }], false],
  ['n', [{ transform: 'minMax' }], false],
  ['w', [{ transform: 'oneHot' }], true],
  ['w', [{ transform: 'label' }, { transform: 'minMax' }], true],
  ['w', [{ transform: 'oneHot', unknown: 'error' }], false],
  ['w', [{ transform: 'imputeCategory' }, { transform: 'oneHot', unknown: 'error' }], true],
  [
    'w',
    [
      { transform: 'imputeCategory', strategy: 'constant' },
      { transform: 'label', unknown: 'error' },
    ],
    false, // no training row has the constant
  ],
];

describe.each([false, true])('masking missing values: %s', (missing) => {
  it.each(CASES)(
    'a column is optional if a row without it is encoded to numbers: %s %j',
    async (...given) => {
      const [column, steps, imputed] = given;
      const data = columns({ [column]: steps });
      const features = described(data, missing);
      const finite = (await encodings(data, missing)).map(
        (values) => values?.every(Number.isFinite) ?? false,
      );
      expect(finite).toEqual([features.columns![0]!.optional, features.columns![0]!.optional]);
      expect(features.optional).toBe(features.columns![0]!.optional);
      if (!missing) expect(features.optional).toBe(imputed);
    },
  );
});

describe('features are optional as a whole', () => {
  it('where every column is', () => {
    const [imputed, scaled]: readonly TransformStep[][] = [
      [{ transform: 'impute' }],
      [{ transform: 'standard' }],
    ];
    const mixed = described(columns({ n: imputed!, n2: scaled! }));
    expect(mixed.columns!.map(({ optional }) => optional)).toEqual([true, false]);
    expect(mixed.optional).toBe(false);
    expect(described(columns({ n: imputed!, n2: imputed! })).optional).toBe(true);
  });

  it('if the model masks missing values in rows of numbers', () => {
    expect(described(curve(30), true).optional).toBe(true);
    expect(described(curve(30)).optional).toBe(false);
  });
});

it('columns that are no features are described by their names only', () => {
  const ids = NUMBERS.map((_, row) => `order ${row}`);
  const table = tableOf({ order_id: ids, n: NUMBERS, price: NUMBERS.toReversed() });
  const roles = inferRoles(table, { n: { role: 'feature' }, price: { role: 'target' } });
  const parts = randomSplit(table, SHARES, 1);
  const features = described(tableDataset(table, { roles, parts, steps: {} }));
  expect(features).toMatchObject({ names: ['n'], ignored: ['order_id', 'price'] });
  expect(described(columns({ n: [{ transform: 'standard' }] })).ignored).toBeUndefined();
});
