import { normalQuantile } from '../../../../shared/normal.ts';
import { FIFTHS, type Residuals } from '../../../../training/data/residuals.ts';
import type { DataGate } from '../gate.ts';
import { bothResiduals } from './bothResiduals.ts';
import { ofKnownRows } from './knownRows.ts';
import { SIGNIFICANCE } from './relations.ts';

/**
 * Share of a column that the others explain at least on both nights: where they tell hardly anything, which rows they tell
 * low values of is chance, and another column may go together with how far its values are from the middle.
 */
const LEAST_TOLD = 0.2;
/** Added to both distances: where the others tell a column almost exactly, a little noise would count as many times more. */
const HARDLY = 0.05;
const NAMES = ['lowest', 'second', 'middle', 'fourth', 'highest'] as const;

/** Detects noise in a part of a column's values, such as a sensor that fails when it is hot: of all values it is little. */
export const noise: DataGate = ofKnownRows({
  summary:
    'where the other columns tell low values of a column of numbers, high ones or those between (fifths), it is not further from them than in the champion by more than this factor; of 1,000 rows or more',
  limit: 1.4,
  judge: ({ now, before }, limit) => {
    const compared = bothResiduals(now, before).flatMap(({ own, old }) =>
      own.fifths.length !== old.fifths.length || Math.min(own.share, old.share) < LEAST_TOLD
        ? []
        : own.fifths.map((_, fifth) => ({
            name: NAMES[fifth]!,
            own: fifthOf(own, fifth),
            old: fifthOf(old, fifth),
          })),
    );
    if (compared.length === 0) return undefined;
    const critical = -normalQuantile(SIGNIFICANCE / compared.length);
    const judged = compared.map(({ name, own, old }) => ({
      ...{ name, own, old, figure: own.mean / old.mean },
      threshold: Math.max(limit, Math.exp(critical * Math.hypot(own.error, old.error))),
    }));
    const { name, own, old, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    return {
      passed: figure <= threshold,
      figures: `${own.column}, where the other columns tell its ${name} fifth: ${old.mean.toFixed(2)} standard deviations from that became ${own.mean.toFixed(2)}, ${figure.toFixed(2)} times, limit ${threshold.toFixed(2)} times`,
      figure,
      threshold,
      column: own.column,
    };
  },
});

/** The mean distance, to which what hardly counts is added, and the standard error of its logarithm. */
function fifthOf({ column, rows, fifths }: Residuals, fifth: number) {
  const [mean, root] = fifths[fifth]!;
  const deviation = Math.sqrt(Math.max(0, root ** 2 - mean ** 2));
  const least = mean + HARDLY;
  return { column, mean: least, error: deviation / least / Math.sqrt(rows / FIFTHS) };
}
