/** Embeddings of WordNet's glosses, compressed: which share of the nearest rows a search still finds. */
import { mean } from '../../../../training/estimators/scores.ts';
import { PROJECTIONS } from '../../../../training/evaluate/baselines/projections.ts';
import { asInt8 } from '../../../../training/evaluate/evidence/neighbours.ts';
import { computeRows } from '../../../../training/evaluate/representation.ts';
import type { ComparedModel, Comparison, ComparisonCheck } from './comparison.ts';
import { embeddingTask, type Found, figuresOf, PREFIXES, reported, WIDEST, WIDTHS } from './embeddingTask.ts';

const NAMES: Readonly<Record<keyof typeof PROJECTIONS, string>> = {
  truncation: 'truncation',
  'random-projection': 'random projection',
  pca: 'PCA',
  svd: 'SVD',
};

/** Models of one width each. */
export const OWN = 'a model for each width (`embeddings`)';
const AS_INT8 = 'the same codes as int8';
const LINEAR = 'the projection alone (`residualSize=0`)';
const LINEAR_WIDTHS = [64, 128] as const;

const ALL = `one model for all widths (\`codeSize=128 prefixes=[${PREFIXES}]\`)`;

const LEAST = { 64: 0.63, 128: 0.82 } as const;
/** Most that a prefix may be behind a model of its width, and whole numbers behind float32. */
const BEHIND = { prefix: 0.02, int8: 0.005 } as const;

export const embeddings: Comparison = {
  section: 'embeddings',
  metrics: WIDTHS.map(String),
  measure: async (print) => {
    const { search, recall, trained } = await embeddingTask();
    const report = (contender: ComparedModel) => reported(print, contender);
    const own = async (name: string, widths: readonly number[], settings: object) => {
      const [floats, rounded, seconds]: [Found[], Found[], number[]] = [[], [], []];
      for (const codeSize of widths) {
        const run = await trained({ ...settings, codeSize });
        floats.push([codeSize, await recall(run.codes, codeSize)]);
        rounded.push([codeSize, await recall(asInt8(run.codes), codeSize)]);
        seconds.push(run.seconds);
      }
      return {
        floats: report({ name, figures: figuresOf(floats), seconds: mean(seconds) }),
        rounded: { name: AS_INT8, figures: figuresOf(rounded) },
      };
    };

    const contenders: ComparedModel[] = [];
    for (const [name, fit] of Object.entries(PROJECTIONS)) {
      const of = await fit(search.indexed, WIDEST, 1);
      const queries = await computeRows(search.queries, of);
      const codes = { queries, indexed: await computeRows(search.indexed, of) };
      const found: Found[] = [];
      for (const width of WIDTHS) found.push([width, await recall(codes, width)]);
      contenders.push(report({ name: NAMES[name as keyof typeof NAMES], figures: figuresOf(found) }));
    }
    const each = await own(OWN, WIDTHS, {});
    const { codes, seconds } = await trained({ codeSize: WIDEST, prefixes: PREFIXES });
    const found: Found[] = [];
    for (const width of WIDTHS) found.push([width, await recall(codes, width)]);
    const one = report({ name: ALL, seconds, figures: figuresOf(found) });
    const linear = await own(LINEAR, LINEAR_WIDTHS, { residualSize: 0 });
    return {
      contenders: [...contenders, each.floats, each.rounded, one, linear.floats],
      checks: checksOf(each.floats.figures, each.rounded.figures, one.figures),
    };
  },
};

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
