/** Results of a comparison in words. */
import { metricName } from '../../shared/figureNames.ts';
import { count, figure, smallPercent } from '../../training/report/format.ts';
import { METRICS } from '../retrain/metrics/registry.ts';
import { type Difference, isDecided, type MetricComparison, runnerUp } from './compare.ts';

/** An amount and its interval, of a metric against that of the best model: `12 % higher`, `10 % to 14 %`. */
export function differenceParts(
  name: MetricComparison['name'],
  { drop, low, high }: Difference,
): { readonly amount: string; readonly interval: string } {
  const { better, drop: kind } = METRICS[name];
  const worse = better === 'lower' ? 'higher' : 'lower';
  const shown = kind === 'relative' ? smallPercent : (value: number) => figure(Number(value.toPrecision(2)));
  return { amount: `${shown(drop)} ${worse}`, interval: `${shown(low)} to ${shown(high)}` };
}

/** `12 % higher (99 % interval 10 % to 14 %)` */
export function differenceText(name: MetricComparison['name'], difference: Difference): string {
  const { amount, interval } = differenceParts(name, difference);
  return `${amount} (${smallPercent(METRICS[name].confidence)} interval ${interval})`;
}

/** One sentence: which model is better, or that it cannot be told. */
export function verdict(comparison: MetricComparison, labels: readonly string[], rows: number): string {
  const { name, values, best, differences } = comparison;
  const next = runnerUp(comparison);
  const [winner, second] = [labels[best]!, labels[next]!];
  const others = labels.length > 2 ? `, the next best of ${labels.length}` : '';
  const figures = `${metricName(name)} ${figure(values[best]!)} against ${figure(values[next]!)}, which is ${differenceText(name, differences[next]!)}, over ${count(rows)} rows`;
  return isDecided(comparison)
    ? `${winner} is better than ${second}${others}: ${figures}`
    : `no difference can be told between ${winner} and ${second}${others}, since the interval includes zero: ${figures}`;
}
