import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GateError, InputError } from '../../../shared/errors.ts';
import type { TrainedManifest } from '../../../shared/manifest.ts';
import { random } from '../../../shared/random.ts';
import type { Tensors } from '../../../shared/tensor.ts';
import { exportGraphs } from '../../../training/artifact/exportGraphs.ts';
import { requireSameAnswers } from '../../../training/artifact/preprocessingParity.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { inferRoles } from '../../../training/data/roles.ts';
import { randomSplit } from '../../../training/data/splits.ts';
import { selectRows, type Table } from '../../../training/data/table.ts';
import { openNative } from '../../../training/engines/inference.ts';
import { undercomplete } from '../../../training/models/undercomplete.ts';
import { tableDataset } from '../../../training/preprocess/dataset.ts';
import { rawRows } from '../../../training/preprocess/preprocessing.ts';
import { train } from '../../../training/train.ts';
import { ROW_OPERATIONS, temporaryFolder } from '../../support/data/data.ts';
import { tableOf } from '../../support/data/tables.ts';
import { initialWeights } from '../../support/training/evaluate.ts';

const SHARES = { validation: 0.1, test: 0.2 };

/** Sites with temperatures and wind of their own; what is called `code` has the name of an output. */
function weather(rowCount = 300): Table {
  const source = random(1, 'weather');
  const sites = Array.from({ length: rowCount }, () => source.integer(3));
  const missing = () => source.uniform() < 0.1;
  return tableOf({
    site: sites.map((site) => (missing() ? null : ['north', 'south', 'west'][site]!)),
    temperature: sites.map((site) => (missing() ? null : 1000 + 5 * site + source.uniform())),
    rain: sites.map((site) => Math.exp(4 * source.uniform()) * (site + 1)),
    wet: sites.map((site) => site === 2 || source.uniform() < 0.1),
    code: sites.map((site) => (site === 1 ? 'B' : 'A')),
    tomorrow: sites.map((site) => (missing() ? null : site > 0)),
  });
}

const roles = (table: Table) =>
  inferRoles(table, { tomorrow: { role: 'target' }, rain: { transform: 'log1p' } });

function prepared(
  table: Table,
  kept: 'all' | 'numbers' = 'all',
  parts = randomSplit(table, SHARES, 1),
): Dataset {
  const own = roles(table).filter(({ type }) => kept === 'all' || type !== 'category');
  return tableDataset(table, { roles: own, parts });
}

describe('tableDataset', () => {
  const table = weather();
  const data = prepared(table);

  it('encodes the features, names the numbers, and keeps the target as labels', () => {
    const code = ['code=A', 'code=B'];
    const names = ['site=north', 'site=south', 'site=west', 'temperature', 'rain', 'wet', ...code];
    expect(data.featureNames).toEqual(names);
    expect([data.rows.rowCount, data.rows.width]).toEqual([300, 8]);
    expect(data.labels?.classes).toEqual(['false', 'true']);
    const [tomorrow] = table.columns.slice(-1);
    const expected = Array.from((tomorrow as { values: Float32Array }).values, (value) =>
      Number.isNaN(value) ? -1 : value,
    );
    expect(Array.from(data.labels!.rows)).toEqual(expected);
    expect(data.rows.data.every(Number.isFinite)).toBe(true);
  });

  it('fits to the training rows only', () => {
    const { train: rows } = data.parts!;
    const column = (name: string, of: Dataset = data) => {
      const c = of.featureNames!.indexOf(name);
      return Array.from(rows, (row) => of.rows.data[row * of.rows.width + c]!);
    };
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const name of ['temperature', 'rain']) {
      expect(mean(column(name))).toBeCloseTo(0, 4);
      expect(mean(column(name).map((value) => value ** 2))).toBeCloseTo(1, 3);
    }
    const inTraining = new Set(rows);
    const columns = table.columns.map((each) =>
      each.type === 'number'
        ? {
            ...each,
            values: Float64Array.from(each.values, (value, row) => (inTraining.has(row) ? value : 1e6)),
          }
        : each,
    );
    expect(prepared({ ...table, columns }, 'all', data.parts!).preprocessing!.columns).toEqual(
      data.preprocessing!.columns,
    );
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'nothing to learn from',
      () => tableDataset(tableOf({ day: [3, 4, 5, 6] }), { parts: data.parts! }),
      /^test: expected a column to learn from, found day \(counts the rows\)$/,
    ],
    [
      'steps for a column that is not a feature',
      () => tableDataset(table, { roles: roles(table), parts: data.parts!, steps: { tomorrow: [] } }),
      /^test: column tomorrow: expected steps for features only, but its role is another$/,
    ],
    [
      'steps for an unknown column',
      () => tableDataset(table, { roles: roles(table), parts: data.parts!, steps: { tomorow: [] } }),
      /^test: expected a column tomorow, found site, /,
    ],
    [
      'a category column that is missing in all training rows',
      () => {
        const columns = { a: [1, 2, 3, 4.5], b: [null, null, 'x', 'y'] };
        const parts = { train: Uint32Array.of(0, 1), validation: Uint32Array.of(2), test: Uint32Array.of(3) };
        return tableDataset(tableOf(columns), { parts });
      },
      /^test: column b: expected a value in the training rows, found all missing/,
    ],
  ])('refuses %s', (_, work, message) => {
    expect(work).toThrow(InputError);
    expect(work).toThrow(message);
  });
});

describe.each(['all', 'numbers'] as const)('a model of %s of the columns', (kept) => {
  const table = weather();
  const data = prepared(table, kept);
  let manifest: TrainedManifest;
  let run: (graph: 'encoder' | 'decoder' | 'autoencoder', inputs: Tensors) => Promise<Tensors>;

  const out = mkdtempSync(join(tmpdir(), 'latentedge-test-'));
  afterAll(() => rmSync(out, { recursive: true }));

  beforeAll(async () => {
    const settings = { codeSize: 2, hidden: [8], epochs: 3, batchSize: 32 };
    const { artifact } = await train({ force: true, name: 'weather', data, settings, out });
    manifest = artifact.manifest;
    run = async (graph, inputs) => {
      const model = await openNative(artifact.graphs[graph]);
      const outputs = await model.runTensors(inputs);
      await model.release();
      return outputs;
    };
  });

  const rows = Uint32Array.of(3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  const [raw] = [...rawRows(data.preprocessing!, rows)(rows.length, rows.length)] as [Tensors];

  it('takes raw columns, and describes them in the manifest', () => {
    const { encoder, autoencoder } = manifest.graphs;
    const inputs = encoder.inputs.map(({ name, dtype, shape }) => [name, dtype, ...shape]);
    expect(inputs).toEqual(
      kept === 'numbers'
        ? [['rows', 'float32', 'N', 3]]
        : [
            ['site', 'string', 'N', 1],
            ['temperature', 'float32', 'N', 1],
            ['rain', 'float32', 'N', 1],
            ['wet', 'float32', 'N', 1],
            ['code_column', 'string', 'N', 1],
          ],
    );
    expect(autoencoder.inputs).toEqual(encoder.inputs);
    expect(manifest.operations).toEqual(ROW_OPERATIONS);
    const { names, count, columns, statistics } = manifest.features;
    expect(count).toBe(encoder.inputs.length === 1 ? 3 : 5);
    const at = names!.indexOf('rain');
    expect(columns![at]!.transforms.map(({ transform }) => transform)).toEqual([
      'impute',
      'log1p',
      'standard',
    ]);
    expect(statistics.max[at]).toBeGreaterThan(50);
    expect(columns!.map(({ categories }) => categories)).toEqual(
      kept === 'numbers'
        ? [undefined, undefined, undefined]
        : [['north', 'south', 'west'], undefined, undefined, undefined, ['A', 'B']],
    );
    expect(statistics.mean.map((value) => value === null)).toEqual(
      columns!.map(({ type }) => type === 'category'),
    );
  });

  it('answers in the units of the columns, with probabilities of categories', async () => {
    const { reconstruction } = await run('autoencoder', raw);
    const width = kept === 'numbers' ? 3 : 8;
    expect(reconstruction!.shape).toEqual([rows.length, width]);
    const { code } = await run('encoder', raw);
    const decoded = await run('decoder', { code: code! });
    const values = Array.from(reconstruction!.data as Float32Array);
    expect(values.length).toBe(decoded.reconstruction!.data.length);
    for (let r = 0; r < rows.length; r++) {
      const row = values.slice(r * width, (r + 1) * width);
      expect(Math.abs(row[kept === 'numbers' ? 0 : 3]! - 1005)).toBeLessThan(20);
      if (kept === 'numbers') continue;
      expect(row[0]! + row[1]! + row[2]!).toBeCloseTo(1, 5);
      expect(row[6]! + row[7]!).toBeCloseTo(1, 5);
    }
  });

  it('has errors between encoded numbers, added up for each column', async () => {
    const { error, feature_error: perColumn } = await run('autoencoder', raw);
    const columns = manifest.features.count;
    expect(perColumn!.shape).toEqual([rows.length, columns]);
    const width = data.rows.width;
    for (let r = 0; r < rows.length; r++) {
      const own = Array.from((perColumn!.data as Float32Array).subarray(r * columns, (r + 1) * columns));
      const total = own.reduce((sum, value) => sum + value, 0);
      expect(total / width).toBeCloseTo((error!.data as Float32Array)[r]!, 5);
    }
    expect(manifest.metrics.mse).toBeLessThan(manifest.reconstructionError.quantiles[100]!);
  });
});

describe('the gate between training and serving', () => {
  it('refuses graphs whose preprocessing differs from that of the training rows', async () => {
    const table = weather();
    const data = prepared(table);
    const { preprocessing, rows, rowShape, parts } = data;
    const model = undercomplete.build(
      undercomplete.config.parse({ codeSize: 2, hidden: [] }),
      rows.width,
      1,
      rowShape,
    );
    const probe = [
      model.decode(model.encode({ kind: 'input', name: 'rows', dtype: 'float32', shape: ['N', rows.width] })),
    ];
    const weights = initialWeights(probe);
    const core = { graphs: await exportGraphs(model, rows.width, weights), rows };
    const all = Uint32Array.from({ length: table.rowCount }, (_, row) => row);
    const gate = async (dataset: Dataset) => {
      const { columns } = dataset.preprocessing!;
      const graphs = await exportGraphs(model, rows.width, weights, 'float32', columns);
      await requireSameAnswers({ graphs, rows: rawRows(preprocessing!, all) }, core, 1e-5);
    };
    await gate(data);
    const half = selectRows(table, parts!.train.subarray(0, 100));
    await expect(gate(prepared(half))).rejects.toThrow(GateError);
    await expect(gate(prepared(half))).rejects.toThrow(
      /^preprocessing: 'code' of encoder\.onnx for raw rows differs from/,
    );
  });
});

it('columns may be named like properties of every object', async () => {
  const source = random(1, 'names');
  const cells = (values: readonly string[]) => Array.from({ length: 60 }, () => values[source.integer(2)]!);
  const table = tableOf({
    ...JSON.parse(JSON.stringify({ ['__proto__']: cells(['a', 'b']) })),
    constructor: Array.from({ length: 60 }, () => source.uniform()),
    toString: cells(['c', 'd']),
  });
  const data = tableDataset(table, { parts: randomSplit(table, SHARES, 1) });
  const settings = { codeSize: 2, hidden: [], epochs: 1 };
  const { artifact } = await train({ force: true, name: 'names', data, settings, out: temporaryFolder() });
  expect(artifact.manifest.features.names).toEqual(['__proto__', 'constructor', 'toString']);
});

it('refuses variants that reconstruct only part of a row', async () => {
  const data = prepared(weather(), 'numbers');
  const run = train({
    force: true, // trained too briefly to beat the mean
    name: 'weather',
    data,
    variant: 'sequence',
    settings: { horizon: 1 },
    out: temporaryFolder(),
  });
  await expect(run).rejects.toThrow(/expected a variant that reconstructs whole rows/);
});
