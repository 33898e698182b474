/** Embeddings of WordNet's glosses, compressed: which share of the nearest rows a search still finds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Matrix } from '../../../../shared/tensor.ts';
import { firstRows, takeRows } from '../../../../training/data/batches.ts';
import { mean } from '../../../../training/estimators/scores.ts';
import { PROJECTIONS } from '../../../../training/evaluate/baselines/projections.ts';
import { codesOf } from '../../../../training/evaluate/code.ts';
import { asInt8 } from '../../../../training/evaluate/evidence/neighbours.ts';
import { nearestTo, recallOf, type Search } from '../../../../training/evaluate/metrics/nearest.ts';
import { computeRows } from '../../../../training/evaluate/representation.ts';
import { published } from '../../../../training/recipes/published.ts';
import { type PreparedRun, prepareRecipe, trainPrepared } from '../../../cli/training.ts';
import type { ComparedModel, Comparison, ComparisonCheck } from './comparison.ts';

/** Widths of codes; the last is that of the model whose prefixes are the others. */
const WIDTHS = [16, 32, 64, 128] as const;
const WIDEST = 128;
const PREFIXES = WIDTHS.filter((width) => width < WIDEST);

/** The last rows are searched for among the others. */
const QUERIES = 2000;

const NAMES: Readonly<Record<keyof typeof PROJECTIONS, string>> = {
  truncation: 'truncation',
  'random-projection': 'random projection',
  pca: 'PCA',
  svd: 'SVD',
};

/** Models of one width each, with their settings. */
const OWN = 'a model for each width (`embeddings`)';
const OTHERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'the projection alone (`residualSize=0`)': { residualSize: 0 },
};
const OTHER_WIDTHS = [64, 128] as const;

const ALL_PREFIXES = `one model for all widths (\`codeSize=128 prefixes=[${PREFIXES}]\`)`;

const AS_INT8 = 'the same codes as int8';

const LEAST = { 64: 0.63, 128: 0.82 } as const;
/** Most that a prefix may be behind a model of its width, and whole numbers behind float32. */
const BEHIND = { prefix: 0.02, int8: 0.005 } as const;

export const embeddings: Comparison = {
  section: 'embeddings',
  metrics: WIDTHS.map(String),
  measure: async (print) => {
    const run = { data: published('embeddings/minilm-wordnet.npy'), engine: 'onnxruntime', seed: 1, set: [] };
    const prepared = await prepareRecipe('embeddings', { ...run, out: '' });
    const search = searchIn(prepared.data.rows as Matrix);
    const nearest = await nearestTo(search);
    const recall = async (codes: Search, width: number) => recallOf(nearest, await nearestTo(codes, width));
    const report = (contender: ComparedModel) => {
      const found = Object.entries(contender.figures).map(
        ([width, { mean }]) => `${width} ${mean.toFixed(3)}`,
      );
      print(`${contender.name}: ${found.join(', ')}`);
      return contender;
    };
    const own = async (name: string, widths: readonly number[], settings: object) => {
      const [floats, rounded, seconds]: [Found[], Found[], number[]] = [[], [], []];
      for (const codeSize of widths) {
        const run = await trained(prepared, search, { ...settings, codeSize });
        floats.push([codeSize, await recall(run.codes, codeSize)]);
        rounded.push([codeSize, await recall(asInt8(run.codes), codeSize)]);
        seconds.push(run.seconds);
        print(
          `${name}: recall@10 ${floats.at(-1)![1].toFixed(4)} at ${codeSize} in ${run.seconds.toFixed(0)} s`,
        );
      }
      return {
        floats: { name, figures: figuresOf(floats), seconds: mean(seconds) },
        rounded: { name: AS_INT8, figures: figuresOf(rounded) },
      };
    };

    const contenders: ComparedModel[] = [];
    for (const [name, fit] of Object.entries(PROJECTIONS)) {
      const of = await fit(search.indexed, WIDEST, 1);
      const codes = {
        queries: await computeRows(search.queries, of),
        indexed: await computeRows(search.indexed, of),
      };
      const found: Found[] = [];
      for (const width of WIDTHS) found.push([width, await recall(codes, width)]);
      contenders.push(report({ name: NAMES[name as keyof typeof NAMES], figures: figuresOf(found) }));
    }
    const each = await own(OWN, WIDTHS, {});
    contenders.push(report(each.floats), report(each.rounded));
    const { codes, seconds } = await trained(prepared, search, { codeSize: WIDEST, prefixes: PREFIXES });
    const found: Found[] = [];
    for (const width of WIDTHS) found.push([width, await recall(codes, width)]);
    const one = report({ name: ALL_PREFIXES, seconds, figures: figuresOf(found) });
    contenders.push(one);
    for (const [name, settings] of Object.entries(OTHERS))
      contenders.push(report((await own(name, OTHER_WIDTHS, settings)).floats));
    return { contenders, checks: checksOf(each.floats.figures, each.rounded.figures, one.figures) };
  },
};

/** The rows that are searched for and those that they are searched among. */
function searchIn(rows: Matrix): Search {
  const indexed = firstRows(rows, rows.rowCount - QUERIES);
  const last = Uint32Array.from({ length: QUERIES }, (_, i) => indexed.rowCount + i);
  return { indexed, queries: takeRows(rows, last) };
}

/** Trains on the indexed rows, of which a share chooses the epoch, and encodes all rows by the exported graph. */
async function trained(
  prepared: PreparedRun,
  { queries, indexed }: Search,
  settings: object,
): Promise<{ readonly codes: Search; readonly seconds: number }> {
  const out = mkdtempSync(join(tmpdir(), 'latentedge-experiments-'));
  try {
    const run = { out, engine: 'onnxruntime', seed: 1, set: [] };
    const data = { ...prepared.data, rows: indexed, test: queries };
    const own = { ...prepared, data, settings: { ...prepared.settings, ...settings } };
    const { artifact, seconds } = await trainPrepared(own, run, () => undefined);
    const encoder = { model: artifact.graphs.encoder, outputs: artifact.manifest.graphs.encoder.outputs };
    const codes = { queries: await codesOf(encoder, queries), indexed: await codesOf(encoder, indexed) };
    return { codes, seconds };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** A width, and the recall at it. */
type Found = readonly [width: number, recall: number];

function figuresOf(found: readonly Found[]): ComparedModel['figures'] {
  return Object.fromEntries(found.map(([width, recall]) => [String(width), { mean: recall, error: 0 }]));
}

type Figures = ComparedModel['figures'];

function checksOf(each: Figures, rounded: Figures, one: Figures): ComparisonCheck[] {
  const targets = Object.entries(LEAST).map(([width, least]) => {
    return { what: `recall@10 at ${width} dimensions`, figure: each[width]!.mean, least };
  });
  const prefixes = WIDTHS.map((width) => ({
    what: `the first ${width} of ${WIDEST} dimensions, a model of that width less ${BEHIND.prefix}`,
    figure: one[width]!.mean,
    least: each[width]!.mean - BEHIND.prefix,
  }));
  const whole = WIDTHS.map((width) => ({
    what: `int8 at ${width} dimensions, float32 less ${BEHIND.int8}`,
    figure: rounded[width]!.mean,
    least: each[width]!.mean - BEHIND.int8,
  }));
  return [...targets, ...prefixes, ...whole];
}
