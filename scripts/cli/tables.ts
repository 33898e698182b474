/** Summary tables of the commands. */
import Table from 'cli-table3';
import type { Manifest } from '../../shared/manifest.ts';
import type { Evaluated } from '../../training/artifact/evaluateArtifact.ts';
import { baselineName, parityText } from '../../training/report/format.ts';
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
export function metricsRows({ metrics, baselines, parity, codeSize }: Manifest): [string, string][] {
  const own = Object.entries(metrics).map(([name, value]): [string, string] => [
    `test ${name}`,
    figure(value),
  ]);
  const others = baselineRows(baselines, codeSize).map(([name, value]): [string, string] => [
    `test ${name}`,
    value,
  ]);
  return [...own, ...others, ['parity with WASM', parityText(parity)]];
}

/** Every metric of every baseline. */
export function baselineRows(baselines: Evaluated['baselines'], codeSize: number): [string, string][] {
  return Object.entries(baselines).flatMap(([baseline, values]) =>
    Object.entries(values).map(([metric, value]): [string, string] => [
      `${metric} of ${baselineName(baseline, codeSize)}`,
      figure(value),
    ]),
  );
}

export function metricsTable(manifest: Manifest): string {
  return table(metricsRows(manifest));
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

/** `4,045 KiB` */
export function kib(bytes: number): string {
  return `${Math.round(bytes / 1024).toLocaleString('en-US')} KiB`;
}
