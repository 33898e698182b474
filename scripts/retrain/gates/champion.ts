import { FEWEST } from '../../../training/data/seenRows.ts';
import { percent } from '../../../training/report/format.ts';
import type { MetricDrop } from '../metrics/bootstrap.ts';
import type { VersionComparison } from '../metrics/compareVersions.ts';
import { METRIC_NAMES, METRICS, type MetricName } from '../metrics/registry.ts';
import type { ModelGate } from './gate.ts';

/**
 * Refuses a challenger that is worse for certain, and by more than is tolerated. Honest nights differ by chance
 * in both directions: to ask for proof that a challenger is no worse would refuse half of those with few rows.
 */
export const champion: ModelGate = {
  summary:
    'no metric is worse than the champion by more than its tolerance, on held-out rows that neither has seen; a drop counts if its interval excludes 0',
  remedy:
    'the champion stays in production and was better on these rows, so nothing has to be done; if it happens night after night, more rows help, and the page of verdicts shows what changed',
  judge: ({ comparison: { versions }, limits, allowBreaking }) => {
    if (versions === undefined) return undefined;
    const accepted = allowBreaking ? 'nothing was compared, which --allow-breaking accepts: ' : '';
    if (typeof versions === 'string')
      return { passed: allowBreaking, figures: `${accepted}the champion cannot be evaluated: ${versions}` };
    const { drops } = versions;
    const names = METRIC_NAMES.filter((name) => drops[name] !== undefined);
    if (names.length === 0)
      return {
        passed: allowBreaking,
        figures: `${accepted}champion and challenger have no metric in common`,
      };
    const judged = names.map((name) => {
      const limit = limits[name] ?? METRICS[name].limit;
      const hasTask = drops['roc-auc'] !== undefined || drops['recall@10'] !== undefined;
      const decides = name !== 'mse' || !hasTask;
      return {
        passed: !decides || isTolerated(drops[name]!, limit),
        text: textOf(name, drops[name]!, limit, decides),
      };
    });
    return {
      passed: judged.every(({ passed }) => passed),
      figures: `${judged.map(({ text }) => text).join('; ')}; ${rowsText(versions)}`,
    };
  },
};

function rowsText({ rows, heldOut, unseen }: VersionComparison): string {
  if (unseen < rows)
    return `${rows} rows, of which a version was trained on ${rows - unseen} or on copies, in its favour: fewer than ${FEWEST} others decide nothing`;
  return rows === heldOut ? `${rows} rows` : `${rows} of ${heldOut} held-out rows, new to both`;
}

/** Written so that NaN is not tolerated. */
function isTolerated({ drop, low, high }: MetricDrop, limit: number): boolean {
  return drop <= limit || (low <= 0 && high >= 0);
}

function textOf(name: MetricName, drop: MetricDrop, limit: number, decides: boolean): string {
  const shown = METRICS[name].drop === 'relative' ? percent : (value: number) => value.toFixed(4);
  // What is worse by less than nothing is better.
  const [change, from, to, sign] =
    drop.drop < 0 ? ['better', drop.high, drop.low, -1] : ['worse', drop.low, drop.high, 1];
  const interval = `${shown(sign * from)} to ${shown(sign * to)}`;
  const values = `${drop.challenger.toPrecision(4)}, champion ${drop.champion.toPrecision(4)}`;
  const bound = decides ? `worse by ${shown(limit)} at most` : 'the labels decide';
  // Less than the limit is fine however certain it is.
  const chance = decides && drop.drop > limit && isTolerated(drop, limit) ? ', or by chance, as here' : '';
  return `${name} ${values}: ${change} by ${shown(sign * drop.drop)} (${interval}), ${bound}${chance}`;
}
