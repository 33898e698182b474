/** One model whose first values are codes of their own, trained for longer, next to a model for each width. */
import type { Comparison } from './comparison.ts';
import { readComparisonRecords } from './comparisonRecords.ts';
import { OWN } from './embeddings.ts';
import { embeddingTask, type Found, figuresOf, PREFIXES, reported, WIDEST, WIDTHS } from './embeddingTask.ts';

const LONGER = { residualSize: 1024, epochs: 40 };
const NAME = `one model for all widths (\`codeSize=${WIDEST} prefixes=[${PREFIXES}] residualSize=1024 epochs=40\`)`;

/** Most that a prefix may be behind a model of its width. */
const BEHIND = 0.02;

export const embeddingPrefixes: Comparison = {
  section: 'embedding-prefixes',
  metrics: WIDTHS.map(String),
  measure: async (print) => {
    const { recall, trained } = await embeddingTask();
    const { codes, seconds } = await trained({ codeSize: WIDEST, prefixes: PREFIXES, ...LONGER });
    const found: Found[] = [];
    for (const width of WIDTHS) found.push([width, await recall(codes, width)]);
    const one = reported(print, { name: NAME, seconds, figures: figuresOf(found) });
    const each = readComparisonRecords().embeddings?.contenders.find(({ name }) => name === OWN);
    if (each === undefined) return { contenders: [one], checks: [] };
    const checks = WIDTHS.map((width) => ({
      what: `the first ${width} of ${WIDEST} dimensions, a model of that width less ${BEHIND}`,
      figure: one.figures[width]!.mean,
      least: each.figures[width]!.mean - BEHIND,
    }));
    return { contenders: [each, one], checks };
  },
};
