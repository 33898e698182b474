/** Models whose first values are codes of their own, next to a model for each width. */
import type { ComparedModel, Comparison } from './comparison.ts';
import { readComparisonRecords } from './comparisonRecords.ts';
import { OWN } from './embeddings.ts';
import { embeddingTask, type Found, figuresOf, PREFIXES, reported, WIDEST, WIDTHS } from './embeddingTask.ts';

const LONGER = { residualSize: 1024, epochs: 60 };
const NAMES = {
  default: `one model for all widths (\`codeSize=${WIDEST} prefixes=[${PREFIXES}]\`)`,
  longer: `the same, longer (\`residualSize=${LONGER.residualSize} epochs=${LONGER.epochs}\`)`,
} as const;

/** Most that a prefix may be behind a model of its width. */
const BEHIND = 0.02;

export const embeddingPrefixes: Comparison = {
  section: 'embedding-prefixes',
  metrics: WIDTHS.map(String),
  measure: async (print) => {
    const { recall, trained } = await embeddingTask();
    const measured = async (name: string, settings: object): Promise<ComparedModel> => {
      const { codes, seconds } = await trained({ codeSize: WIDEST, prefixes: PREFIXES, ...settings });
      const found: Found[] = [];
      for (const width of WIDTHS) found.push([width, await recall(codes, width)]);
      return reported(print, { name, seconds, figures: figuresOf(found) });
    };
    const longer = await measured(NAMES.longer, LONGER);
    const contenders = [await measured(NAMES.default, {}), longer];
    const each = readComparisonRecords().embeddings?.contenders.find(({ name }) => name === OWN);
    if (each === undefined) return { contenders, checks: [] };
    const checks = WIDTHS.map((width) => ({
      what: `the first ${width} of ${WIDEST} dimensions, longer, a model of that width less ${BEHIND}`,
      figure: longer.figures[width]!.mean,
      least: each.figures[width]!.mean - BEHIND,
    }));
    return { contenders: [each, ...contenders], checks };
  },
};
