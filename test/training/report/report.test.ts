import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import { random } from '../../../shared/random.ts';
import type { Rows } from '../../../shared/tensor.ts';
import { fittedColumns } from '../../../training/artifact/describeFeatures.ts';
import { evaluateArtifact } from '../../../training/artifact/evaluateArtifact.ts';
import { rebuildReport } from '../../../training/artifact/reportFiles.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { withLabelColumns } from '../../../training/data/labels.ts';
import { inferRoles } from '../../../training/data/roles.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { randomSplit } from '../../../training/data/splits.ts';
import { selectColumns, selectRows, type Table } from '../../../training/data/table.ts';
import { fitPca, pcaReconstruct } from '../../../training/estimators/pca.ts';
import { Evaluation } from '../../../training/evaluate/evidence/evaluation.ts';
import { meansOver } from '../../../training/evaluate/metrics/reconstruction.ts';
import { sub } from '../../../training/graph/ops/arithmetic.ts';
import { reduceMean } from '../../../training/graph/ops/mean.ts';
import { square } from '../../../training/graph/ops/powers.ts';
import { input } from '../../../training/graph/value.ts';
import { VARIANTS, type VariantName } from '../../../training/models/registry.ts';
import type { PredictorName } from '../../../training/predictors/registry.ts';
import { encodedDataset, tableDataset } from '../../../training/preprocess/dataset.ts';
import { beatenBy } from '../../../training/report/beatenBy.ts';
import { keyFigures } from '../../../training/report/keyFigures.ts';
import { SECTIONS } from '../../../training/report/sections/registry.ts';
import type { Settings } from '../../../training/settings.ts';
import { train } from '../../../training/train.ts';
import { curve, tastes, temporaryFolder, topics, withHoles } from '../../support/data/data.ts';
import { tableOf } from '../../support/data/tables.ts';
import { itEach } from '../../support/suites/full.ts';

type SectionName = keyof typeof SECTIONS;

interface ReportCase {
  readonly settings: Settings<VariantName>;
  readonly data?: Dataset<Rows>;
  readonly predictor?: PredictorName;
  /** Sections of the report of such a model, in addition to those of every report. */
  readonly sections: readonly SectionName[];
  /** False if the graphs lack some weights, so that not all metrics can be computed from the artifact. */
  readonly holdsWeights?: false;
}

const ALWAYS: readonly SectionName[] = [
  'numbers',
  'learning',
  'baselines',
  'scatter',
  'correlations',
  'codeValues',
  'code',
  'architecture',
  'facts',
];
const ERRORS: readonly SectionName[] = ['reconstructions', 'impostors', 'errors', 'featureErrors'];
const GENERATED: readonly SectionName[] = ['samples', 'latentMap', 'interpolations'];
const TINY = { hidden: [6], codeSize: 3, epochs: 2, batchSize: 32 };
/** Variants whose first report the quick suite draws: of columns, images, samples and items. */
const QUICK: readonly VariantName[] = ['undercomplete', 'convolutional', 'variational', 'recommender'];

const IMAGES = { ...curve(80, 20), rowShape: [5, 4] };

const CASES: Readonly<Record<VariantName, readonly ReportCase[]>> = {
  contractive: [{ settings: TINY, sections: [...ERRORS, 'regularisation', 'scatter3d'] }],
  convolutional: [{ settings: { ...TINY, filters: [2] }, data: IMAGES, sections: [...ERRORS, 'scatter3d'] }],
  denoising: [
    {
      settings: { ...TINY, missing: 'mask', normalization: 'batch' },
      data: withHoles(curve(80)),
      sections: [...ERRORS, 'scatter3d'],
      holdsWeights: false,
    },
  ],
  elsa: [
    {
      settings: { codeSize: 3, epochs: 2, batchSize: 32 },
      data: tastes(60),
      sections: ['recommendations', 'scatter3d'],
      holdsWeights: false,
    },
  ],
  recommender: [
    {
      settings: { ...TINY, codeSize: 2 },
      data: tastes(60),
      sections: ['recommendations', 'regularisation'],
      holdsWeights: false,
    },
    {
      settings: { ...TINY, kind: 'mult-dae', weightType: 'int8', weightTolerance: 1 },
      data: tastes(60),
      sections: ['recommendations', 'scatter3d'],
      holdsWeights: false,
    },
  ],
  sequence: [
    {
      settings: { units: 4, codeSize: 2, epochs: 2, horizon: 3 },
      data: { ...curve(60, 16), rowShape: [8, 2] },
      sections: ERRORS,
    },
  ],
  'similarity-preserving': [
    {
      settings: { codeSize: 4, residualSize: 6, prefixes: [2], epochs: 2, batchSize: 32 },
      data: { ...topics(80), names: { texts: Array.from({ length: 80 }, (_, row) => `text <${row}>`) } },
      sections: [...ERRORS, 'neighbours', 'searches', 'regularisation', 'scatter3d'],
    },
  ],
  sparse: [
    { settings: { ...TINY, codeSize: 8 }, sections: [...ERRORS, 'units', 'regularisation', 'scatter3d'] },
    {
      settings: { ...TINY, codeSize: 32, sparsity: 'topk', activeUnits: 2 },
      data: { ...topics(80), names: { ids: Array.from({ length: 80 }, (_, row) => `<${row}>`) } },
      sections: [...ERRORS, 'units', 'scatter3d'],
    },
    {
      settings: { ...TINY, codeSize: 8, sparsity: 'kl' },
      sections: [...ERRORS, 'regularisation', 'scatter3d'],
    },
  ],
  undercomplete: [
    { settings: { ...TINY, codeSize: 2 }, sections: ERRORS },
    { settings: { ...TINY, codeSize: 2 }, data: houses({ only: ['rooms', 'area'] }), sections: ERRORS },
    { settings: TINY, data: houses({ target: 'garden' }), sections: [...ERRORS, 'scatter3d'] },
    {
      settings: { ...TINY, codeSize: 2, weightType: 'int8', weightTolerance: 1 },
      data: houses({ target: 'price' }),
      predictor: 'svr',
      sections: [...ERRORS, 'predicted'],
    },
    {
      settings: { ...TINY, codeSize: 2, normalization: 'batch', weightType: 'float16' },
      data: houses({ target: 'price' }),
      predictor: 'ridge',
      sections: [...ERRORS, 'predicted'],
      holdsWeights: false,
    },
    {
      settings: { ...TINY, codeSize: 2 },
      data: { ...curve(80), labels: { name: 'half', classes: ['x', 'y'], rows: halves(80) } },
      predictor: 'logistic',
      sections: [...ERRORS, 'confusion'],
    },
    {
      settings: { ...TINY, codeSize: 2, rowScore: 'joint', validationShare: 0.2, targetFpr: 0.25 },
      data: { ...curve(80), labels: { name: 'y', classes: ['x', 'y'], rows: halves(80), anomalous: ['y'] } },
      sections: [...ERRORS, 'roc', 'precisionRecall', 'scoresByClass'],
    },
    { settings: { ...TINY, codeSize: 2 }, data: named(['a', 'b', 'c', 'd', 'e', 'f']), sections: ERRORS },
  ],
  variational: [
    {
      settings: { ...TINY, codeSize: 2 },
      data: IMAGES,
      sections: [...ERRORS, ...GENERATED, 'regularisation'],
    },
    {
      settings: { ...TINY, conditionSize: 2 },
      data: withLabelColumns({ ...IMAGES, labels: { classes: ['x', 'y'], rows: halves(80) } }),
      sections: [...ERRORS, 'samples', 'regularisation', 'scatter3d'],
    },
    { settings: TINY, sections: [...ERRORS, 'regularisation', 'scatter3d'] },
  ],
  'vector-quantized': [
    {
      settings: { ...TINY, codeSize: 4, embeddingSize: 2, codebookSize: 8 },
      data: IMAGES,
      sections: [...ERRORS, 'regularisation', 'scatter3d'],
    },
  ],
};

function named(names: readonly string[]): Dataset {
  return { ...curve(80, names.length), featureNames: names };
}

/** A table with numbers, categories, booleans, gaps and an identifier; `only` some of its columns. */
function houses({ target, only }: { target?: string; only?: readonly string[] }): Dataset {
  const table = houseTable(90);
  const names = only ?? table.columns.map(({ name }) => name);
  const roles = inferRoles(
    selectColumns(table, names),
    target === undefined ? {} : { [target]: { role: 'target' } },
  );
  const parts = randomSplit(table, { validation: 0.2, test: 0.3 }, 1);
  return tableDataset(selectColumns(table, names), { roles, parts });
}

function houseTable(count: number, seed = 4): Table {
  const source = random(seed, 'houses');
  const rows = Array.from({ length: count }, (_, i) => {
    const rooms = 1 + source.integer(6);
    return {
      house_id: `h${i}`,
      town: i % 11 === 0 ? null : ['Aarhus', 'Odense', 'Skagen'][source.integer(3)]!,
      rooms,
      area: i % 7 === 0 ? null : 25 * rooms + 10 * source.uniform(),
      price: 1000 * rooms + 500 * source.uniform(),
      garden: i % 3 === 0,
    };
  });
  const names = Object.keys(rows[0]!) as (keyof (typeof rows)[number])[];
  return tableOf(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])));
}

function halves(rows: number): number[] {
  return Array.from({ length: rows }, (_, row) => (2 * row < rows ? 0 : 1));
}

/** Report without its scripts, which are almost all Plotly. */
function ownPartOf(report: string): string {
  return report.replace(/<script>.*?<\/script>/gs, '');
}

function sectionsOf(report: string): string[] {
  return Array.from(report.matchAll(/<section id="(\w+)"/g), ([, id]) => id!);
}

it('every section has a case', () => {
  const cases = Object.values(CASES).flat();
  const shown = new Set([...ALWAYS, ...cases.flatMap(({ sections }) => sections)]);
  expect([...shown].sort()).toEqual(Object.keys(SECTIONS).sort());
});

describe.each(Object.keys(VARIANTS) as VariantName[])('the report of %s', (variant) => {
  it('has a case', () => expect(CASES[variant].length).toBeGreaterThan(0));

  itEach(CASES[variant], (_, index) => index === 0 && QUICK.includes(variant))(
    'has the sections that apply, and evaluating the artifact again gives its figures: $settings',
    async ({ settings, data = curve(80), predictor, sections, holdsWeights = true }) => {
      const { artifact } = await train({
        force: true, // trained too briefly to beat the mean
        name: 'tiny',
        data,
        variant,
        settings,
        splitSeed: 2,
        out: temporaryFolder(),
        ...(predictor && { predictor }),
      });
      const { directory, manifest } = artifact;
      const path = join(directory, 'report.html');
      const report = readFileSync(path, 'utf8');
      const expected = Object.keys(SECTIONS).filter((id) =>
        [...ALWAYS, ...sections].includes(id as SectionName),
      );
      expect(sectionsOf(report)).toEqual(expected);
      // Compared as booleans, since reports are too long to print.
      expect(/NaN|undefined|Infinity|(?:src|href)="(?!data:)/.exec(ownPartOf(report))).toBe(null);

      await rm(path);
      expect(await rebuildReport(directory)).toBe(path);
      expect(readFileSync(path, 'utf8') === report).toBe(true);

      const again = await evaluateArtifact(artifact, data, 'heldOut');
      expect(again.baselines).toEqual(manifest.baselines);
      expect(again.evaluation).toEqual(
        JSON.parse(await readFile(join(directory, 'evaluation.json'), 'utf8')),
      );
      // Evaluating again does not fit probes.
      const isProbe = (metric: string) =>
        metric in (manifest.baselines['all-columns'] ?? {}) &&
        !['mae', 'accuracy', 'log-loss'].some((name) => metric === `${predictor}-${name}`);
      const kept = Object.entries(manifest.metrics).filter(([metric]) => !isProbe(metric));
      if (holdsWeights) expect(again.metrics).toEqual(Object.fromEntries(kept));
      else expect(manifest.metrics).toMatchObject(again.metrics);
      expect(again.metrics.mse).toBe(manifest.metrics.mse);
      const more = [
        manifest.weights,
        manifest.metrics['roc-auc'],
        manifest.metrics['coverage@20'],
        beatenBy(manifest),
        again.evaluation.detection?.alarms,
        again.evaluation.units ?? undefined,
      ];
      const figures = 3 + more.filter((each) => each !== undefined).length;
      expect(keyFigures(manifest, again.evaluation)).toHaveLength(figures);
    },
  );
});

describe('evaluating an artifact', () => {
  const settings = { ...TINY, codeSize: 2, epochs: 20, learningRate: 0.01 };
  const run = () => train({ name: 'tiny', data: curve(200), settings, out: temporaryFolder() });

  it('compares with PCA of the training rows, even on other rows', async () => {
    const { artifact, split } = await run();
    const other = curve(50, 6, 9);
    const { rows, metrics, baselines } = await evaluateArtifact(artifact, other, 'all');
    expect(rows).toBe(50);
    expect(metrics.mse).toBeLessThan(baselines.untrained!.mse!);
    const from = input('rows', ['N', 6]);
    const back = pcaReconstruct(await fitPca(split.train, 2), from);
    const error = reduceMean(square(sub(back, from)));
    const expected = (await meansOver(other.rows, from, { error })).error![0]!;
    expect(baselines.pca!.mse! / expected).toBeCloseTo(1, 5);
  });

  it('refuses other data for held-out rows, and rows of another width', async () => {
    const { artifact } = await run();
    await expect(evaluateArtifact(artifact, curve(201), 'heldOut')).rejects.toThrow(
      /expected the data that tiny was trained on .*received other rows/,
    );
    await expect(evaluateArtifact(artifact, curve(20, 5), 'all')).rejects.toThrow(
      'rows in memory: expected rows of 6 columns for tiny, received 5',
    );
  });

  describe('of the columns of a table', () => {
    const trained = async (predictor?: PredictorName) => {
      const data = houses({ target: 'price' });
      const { artifact } = await train({
        force: true, // trained too briefly to beat the mean
        name: 'tiny',
        data,
        settings,
        out: temporaryFolder(),
        ...(predictor && { predictor }),
      });
      return { artifact, data };
    };

    it('selects them by name, and encodes them by transforms fitted to the training rows', async () => {
      const { artifact, data } = await trained('ridge');
      const { test } = data.parts!;
      // Only the test rows, with columns reversed: transforms fitted to these would give other figures.
      const table = selectRows(houseTable(90), test);
      const backwards = { ...table, columns: table.columns.toReversed() };
      const columns = fittedColumns(artifact.manifest)!;
      const target = { name: 'price', rows: Array.from(test, (row) => data.target!.rows[row]!) };
      const { rows, metrics, evaluation } = await evaluateArtifact(
        artifact,
        { ...encodedDataset(backwards, columns), target },
        'all',
      );
      expect(rows).toBe(test.length);
      const held = await evaluateArtifact(artifact, data, 'heldOut');
      expect(metrics).toEqual(held.metrics);
      expect(evaluation.errors).toEqual(held.evaluation.errors);
      expect(evaluation.examples).toEqual(held.evaluation.examples);
      expect(evaluation.prediction).toEqual(held.evaluation.prediction);
    });

    it('are shown in their units, and their errors add up to the error of the row', async () => {
      const { artifact, data } = await trained();
      const { evaluation, metrics } = await evaluateArtifact(artifact, data, 'heldOut');
      expect(evaluation.target.features!.map(({ name }) => name)).toEqual([
        'town',
        'rooms',
        'area',
        'garden',
      ]);
      expect(evaluation.ignored.map(({ name }) => name)).toEqual(['house_id']);
      const sum = evaluation.featureErrors!.reduce<number>((total, error) => total + error!, 0);
      expect(sum / data.rows.width).toBeCloseTo(metrics.mse!, 3);
      for (const { target, reconstruction } of evaluation.examples) {
        // One of three towns, or none if missing; then the rooms, and an area of about 25 times as much.
        expect([0, 1]).toContain(target.slice(0, 3).reduce<number>((total, each) => total + each!, 0));
        expect(target[3]).toBeGreaterThanOrEqual(1);
        if (target[4] !== null) expect(Math.abs(target[4]! - 25 * target[3]! - 5)).toBeLessThan(5.1);
        const chances = reconstruction.slice(0, 3).reduce<number>((total, each) => total + each!, 0);
        expect(chances).toBeCloseTo(1, 2);
      }
    });

    it('are refused if one is missing or of another type, or if there are only rows of numbers', async () => {
      const { artifact } = await trained();
      const columns = fittedColumns(artifact.manifest)!;
      const table = houseTable(20, 9);
      const without = { ...table, columns: table.columns.filter(({ name }) => name !== 'area') };
      expect(() => encodedDataset(without, columns)).toThrow('test: expected a column area, found house_id');
      const wrong = table.columns.map((column) =>
        column.name === 'town' ? { ...table.columns[2]!, name: 'town' } : column,
      );
      expect(() => encodedDataset({ ...table, columns: wrong }, columns)).toThrow(
        'test: column town: expected categories, found numbers',
      );
      await expect(evaluateArtifact(artifact, curve(20), 'all')).rejects.toThrow(
        'rows in memory: expected a table with the columns of tiny (town, rooms, area, garden), received rows of 6 numbers',
      );
    });
  });

  it('reads evaluations from before anomaly detection', async () => {
    const { artifact } = await run();
    const kept = JSON.parse(await readFile(join(artifact.directory, 'evaluation.json'), 'utf8'));
    const { detection, ...before } = kept;
    expect(detection).toBe(null);
    expect(Evaluation.parse(before)).toEqual(kept);
  });

  it('is refused if the evaluation is missing or of another version', async () => {
    const { artifact } = await run();
    const path = join(artifact.directory, 'evaluation.json');
    await writeFile(path, '{}');
    await expect(rebuildReport(artifact.directory)).rejects.toThrow(InputError);
  });
});

it('names from the data cannot become markup', async () => {
  const names = ['<script>alert(1)</script>', '"><img src=x>', '&amp;', "'", '</section>', 'f'];
  const data = { ...named(names), labels: { classes: ['</script><b>'], rows: new Uint8Array(80) } };
  const settings = { ...TINY, codeSize: 3 };
  const { artifact } = await train({ force: true, name: 'tiny', data, settings, out: temporaryFolder() });
  const report = readFileSync(join(artifact.directory, 'report.html'), 'utf8');
  const found = ['<script>alert', '<img src=x>', '</script><b>'].filter((text) => report.includes(text));
  expect(found).toEqual([]);
  expect(ownPartOf(report).includes('&lt;script&gt;alert(1)&lt;/script&gt;')).toBe(true);
});

it('denoising models reconstruct examples from corrupted copies', async () => {
  const { artifact } = await train({
    force: true, // trained too briefly to beat the mean
    name: 'tiny',
    data: fromRows(Array.from({ length: 60 }, () => [1, 2, 3, 4])),
    variant: 'denoising',
    settings: { ...TINY, codeSize: 2, corruption: 'masking', corruptionAmount: 0.5 },
    out: temporaryFolder(),
  });
  const { evaluation } = await evaluateArtifact(
    artifact,
    fromRows(Array.from({ length: 60 }, () => [1, 2, 3, 4])),
    'heldOut',
  );
  const corrupted = evaluation.examples.flatMap((example) => example.corrupted!);
  const masked = corrupted.filter((value) => value === 0).length;
  expect(masked).toBeGreaterThan(0);
  expect(corrupted.every((value, i) => value === 0 || value === (i % 4) + 1)).toBe(true);
  expect(masked).toBeLessThan(corrupted.length);
});
