/** Embeddings of WordNet's glosses, compressed: which share of the nearest rows a search still finds. */
import { mean } from '../../../../training/estimators/scores.ts';
import { PROJECTIONS } from '../../../../training/evaluate/baselines/projections.ts';
import { asInt8 } from '../../../../training/evaluate/evidence/neighbours.ts';
import { computeRows } from '../../../../training/evaluate/representation.ts';
import type { ComparedModel, Comparison, ComparisonCheck } from './comparison.ts';
import { embeddingTask, type Found, figuresOf, reported, WIDEST, WIDTHS } from './embeddingTask.ts';

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

const LEAST = { 64: 0.63, 128: 0.82 } as const;
/** Most that whole numbers may be behind float32. */
const BEHIND = 0.005;

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
    const linear = await own(LINEAR, LINEAR_WIDTHS, { residualSize: 0 });
    return {
      contenders: [...contenders, each.floats, each.rounded, linear.floats],
      checks: checksOf(each.floats.figures, each.rounded.figures),
    };
  },
};

type Figures = ComparedModel['figures'];

function checksOf(each: Figures, rounded: Figures): ComparisonCheck[] {
  const targets = Object.entries(LEAST).map(([width, least]) => {
    return { what: `recall@10 at ${width} dimensions`, figure: each[width]!.mean, least };
  });
  const whole = WIDTHS.map((width) => ({
    what: `int8 at ${width} dimensions, float32 less ${BEHIND}`,
    figure: rounded[width]!.mean,
    least: each[width]!.mean - BEHIND,
  }));
  return [...targets, ...whole];
}
