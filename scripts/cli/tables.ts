/** Summary tables of the commands. */
import Table from 'cli-table3';
import { baselineName, type CodeSizes, metricName } from '../../shared/figureNames.ts';
import type { Manifest } from '../../shared/manifest.ts';
import type { MetricValues } from '../../training/evaluate/metrics/metrics.ts';
import { comparisonOf } from '../../training/report/comparison.ts';
import { parityText } from '../../training/report/format.ts';
import { keyFigures, type MeasuredRows } from '../../training/report/keyFigures.ts';
import type { ReportSource } from '../../training/report/section.ts';

/** Renders two columns, without colours, so that they read the same in a terminal, a log and a README. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const result = new Table({ style: { head: [], border: [], compact: true } });
  result.push(...rows.map((row) => [...row]));
  return result.toString();
}

/** Renders rows under a line of headings. */
export function columnsTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const result = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  result.push(...rows.map((row) => [...row]));
  return result.toString();
}

/** The metrics of the model and its baselines on the test rows, and the model's parity. */
export function metricsRows(manifest: Manifest): [string, string][] {
  const { metrics, baselines, parity } = manifest;
  const rows = (values: MetricValues, of = '') =>
    Object.entries(values).map(([metric, value]): [string, string] => [`test ${metric}${of}`, figure(value)]);
  const others = Object.entries(baselines).flatMap(([baseline, values]) =>
    rows(values, ` of ${baselineName(baseline, manifest)}`),
  );
  return [...rows(metrics), ...others, ['parity with WASM', parityText(parity)]];
}

/**
 * Renders the metrics of a model, of the parts of its score and of its baselines as a matrix, and below it those that
 * only the model has, with `more` rows.
 * @param recorded The model's metrics after training, if `metrics` were computed again.
 */
export function metricsTable(
  measured: Pick<Manifest, 'metrics' | 'baselines' | keyof CodeSizes>,
  more: readonly (readonly [string, string])[],
  recorded?: MetricValues,
): string {
  const { metrics, rows, own } = comparisonOf(measured);
  const [model, ...others] = rows;
  const again = recorded === undefined ? [] : [{ name: 'after training', values: recorded }];
  const cell = (value: number | undefined) => (value === undefined ? '' : figure(value));
  const matrix = columnsTable(
    ['', ...metrics.map((metric) => metricName(metric).replaceAll(' ', '\n'))],
    [model!, ...again, ...others].map(({ name, values }) => [
      name,
      ...metrics.map((metric) => cell(values[metric])),
    ]),
  );
  const single = own.map(([metric, value]): [string, string] => {
    const before = recorded?.[metric];
    return [metric, `${figure(value)}${before === undefined ? '' : ` (${figure(before)} after training)`}`];
  });
  const below = [...single, ...more];
  return [...(metrics.length > 0 ? [matrix] : []), ...(below.length > 0 ? [table(below)] : [])].join('\n');
}

/** The matrix of a manifest, with the model's parity. */
export function manifestTable(manifest: Manifest): string {
  return metricsTable(manifest, [['parity with WASM', parityText(manifest.parity)]]);
}

/** The key figures of a model, one per line. */
export function keyFigureLines(
  { manifest, evaluation }: Pick<ReportSource, 'manifest' | 'evaluation'>,
  measured?: MeasuredRows,
): string {
  const figures = keyFigures(manifest, evaluation, measured);
  const widths = [0, 1].map((column) =>
    Math.max(...figures.map((each) => [each.name, each.value][column]!.length)),
  );
  return figures
    .map(({ name, value, meaning }) => `${name.padEnd(widths[0]!)}  ${value.padEnd(widths[1]!)}  ${meaning}`)
    .join('\n');
}

/** Renders a number with four significant digits. */
export function figure(value: number): string {
  return value.toPrecision(4);
}
