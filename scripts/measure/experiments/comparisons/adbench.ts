/** The recipe `anomaly` on twenty tables of ADBench, next to its members and other detectors. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mean } from '../../../../training/estimators/scores.ts';
import { published } from '../../../../training/recipes/published.ts';
import { MEMBERS } from '../../../../training/scoring/registry.ts';
import { trainRecipe } from '../../../cli/training.ts';
import { spreadOf } from '../spread.ts';
import type { ComparedModel, Comparison, ComparisonCheck, MeanWithError } from './comparison.ts';
import { hasPyod, PYOD_DETECTORS, type PyodJob, pyodFigures } from './pyod.ts';

/** The tables on which the way to join members was chosen, besides `cardio` and `pendigits`. */
const CHOSEN_ON = [
  ...['breastw', 'fault', 'ionosphere', 'letter', 'musk', 'pageblocks', 'stamps', 'waveform'],
  ...['wdbc', 'wine'],
] as const;

/** On these it was judged. */
const OTHERS = [
  ...['cardiotocography', 'glass', 'landsat', 'mnist', 'optdigits', 'pima', 'vowels', 'wbc'],
  ...['wilt', 'yeast'],
] as const;

const SEEDS = [1, 2, 3] as const;

const OURS = 'ours';
const FOREST = 'isolation forest';

/** Titles of the contenders in the manifest, by name. */
const BASELINES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(MEMBERS).map((name) => [name, `its ${name}`])),
  'pca-half': 'PCA',
  mahalanobis: 'Mahalanobis',
  knn: 'kNN',
  'isolation-forest': FOREST,
};

type Metric = 'roc-auc' | 'average-precision';

/** Figures of one run, by contender and metric. */
type Figures = Readonly<Record<string, Readonly<Record<Metric, number>>>>;

export const adbench: Comparison = {
  section: 'adbench',
  of: 'table',
  metrics: [OURS, ...Object.values(BASELINES), ...PYOD_DETECTORS],
  spread: 'the standard deviation over 3 seeds',
  measure: async (print) => {
    const withPyod = hasPyod();
    if (!withPyod) print('no python3 with pyod on the PATH: its columns stay empty');
    const chosenOn = await measureTables(CHOSEN_ON, withPyod, print);
    const others = await measureTables(OTHERS, withPyod, print);
    const all = [...chosenOn, ...others];
    const [area, precision] = [meanOf(all, 'roc-auc'), meanOf(all, 'average-precision')];
    const leads = all.map(({ areas }) => areas[OURS]!.mean - areas[FOREST]!.mean);
    return {
      contenders: [
        ...chosenOn.map(contender),
        { name: '*mean ROC AUC of these 10*', figures: meanOf(chosenOn, 'roc-auc') },
        ...others.map(contender),
        { name: '*mean ROC AUC of these 10*', figures: meanOf(others, 'roc-auc') },
        { name: '**mean ROC AUC of all 20**', figures: area },
        { name: '**mean average precision of all 20**', figures: precision },
      ],
      checks: [
        { what: 'mean ROC AUC', figure: area[OURS]!.mean, least: 0.79 },
        first('ROC AUC', area),
        first('average precision', precision),
        {
          what: `least lead over the ${FOREST} on a table, ROC AUC`,
          figure: Math.min(...leads),
          least: -0.05,
        },
      ],
    };
  },
};

type Row = Readonly<Record<string, MeanWithError>>;

interface MeasuredTable {
  readonly name: string;
  readonly areas: Row;
  readonly precisions: Row;
  readonly seconds: number;
}

async function measureTables(
  tables: readonly string[],
  withPyod: boolean,
  print: (line: string) => void,
): Promise<MeasuredTable[]> {
  const measured: MeasuredTable[] = [];
  for (const name of tables) {
    const runs = [];
    for (const seed of SEEDS) runs.push(await measuredOnce(name, seed));
    const others = withPyod ? pyodFigures(runs.map(({ job }) => job)) : runs.map(() => ({}));
    const figures = runs.map((run, i): Figures => ({ ...run.figures, ...others[i] }));
    const table = {
      name,
      areas: rowOf(figures, 'roc-auc'),
      precisions: rowOf(figures, 'average-precision'),
      seconds: mean(runs.map(({ seconds }) => seconds)),
    };
    const found = Object.entries(table.areas).map(([title, own]) => `${title} ${own.mean.toFixed(3)}`);
    print(`${name}: ${found.join(', ')}`);
    measured.push(table);
  }
  return measured;
}

function contender({ name, areas, seconds }: MeasuredTable): ComparedModel {
  return { name, figures: areas, seconds };
}

/** Our mean must be at least that of each contender that is no member. */
function first(metric: string, figures: Row): ComparisonCheck {
  const members = Object.keys(MEMBERS).map((name) => BASELINES[name]!);
  const others = Object.entries(figures).filter(([name]) => name !== OURS && !members.includes(name));
  const [name, best] = others.reduce((left, right) => (right[1].mean > left[1].mean ? right : left));
  return {
    what: `mean ${metric} against the best other, ${name}`,
    figure: figures[OURS]!.mean,
    least: best.mean,
  };
}

async function measuredOnce(
  table: string,
  seed: number,
): Promise<{ readonly figures: Figures; readonly seconds: number; readonly job: PyodJob }> {
  const out = mkdtempSync(join(tmpdir(), 'latentedge-experiments-'));
  try {
    const data = published(`anomaly/adbench/${table}.csv.gz`);
    const run = { out, data, engine: 'onnxruntime', seed, set: [] };
    const { artifact, split, seconds } = await trainRecipe('anomaly', run, () => undefined);
    const { metrics, baselines } = artifact.manifest;
    const own = Object.entries(BASELINES).map(([name, title]) => [title, pick(baselines[name]!)]);
    return { figures: { [OURS]: pick(metrics), ...Object.fromEntries(own) }, seconds, job: { split, seed } };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function pick(metrics: Readonly<Record<string, number>>): Record<Metric, number> {
  return { 'roc-auc': metrics['roc-auc']!, 'average-precision': metrics['average-precision']! };
}

function rowOf(runs: readonly Figures[], metric: Metric): Row {
  return Object.fromEntries(
    Object.keys(runs[0]!).map((name) => {
      const { mean, standardDeviation } = spreadOf(runs.map((run) => run[name]![metric]));
      return [name, { mean, error: standardDeviation }];
    }),
  );
}

/** Mean of each contender over the tables, without a spread: tables differ by more than seeds do. */
function meanOf(tables: readonly MeasuredTable[], metric: Metric): Row {
  const rows = tables.map(({ areas, precisions }) => (metric === 'roc-auc' ? areas : precisions));
  return Object.fromEntries(
    Object.keys(rows[0]!).map((name) => [name, { mean: mean(rows.map((row) => row[name]!.mean)), error: 0 }]),
  );
}
