/** Summary tables for people. */
import Table from 'cli-table3';
import type { Manifest } from '../../shared/manifest.ts';

/** Two columns without colours, so that it reads the same in a terminal, a log and a README. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const result = new Table({ style: { head: [], border: [], compact: true } });
  result.push(...rows.map((row) => [...row]));
  return result.toString();
}

/** How people call the baselines. */
const BASELINES: Readonly<Record<string, (codeSize: number) => string>> = {
  pca: (codeSize) => `pca, ${codeSize} components`,
  untrained: () => 'the untrained network',
};

/** The model's metrics on the test rows beside those of the baselines, and its parity. */
export function metricsRows({ metrics, baselines, parity, codeSize }: Manifest): [string, string][] {
  const own = Object.entries(metrics).map(([name, value]): [string, string] => [
    `test ${name}`,
    figure(value),
  ]);
  const others = Object.entries(baselines).flatMap(([baseline, values]) =>
    Object.entries(values).map(([name, value]): [string, string] => [
      `test ${name} of ${BASELINES[baseline]?.(codeSize) ?? baseline}`,
      figure(value),
    ]),
  );
  const { maxAbsDifference, rows } = parity;
  return [...own, ...others, ['parity with WASM', `${maxAbsDifference.toExponential(1)} on ${rows} rows`]];
}

export function metricsTable(manifest: Manifest): string {
  return table(metricsRows(manifest));
}

function figure(value: number): string {
  return value.toPrecision(4);
}

/** `4,045 KiB` */
export function kib(bytes: number): string {
  return `${Math.round(bytes / 1024).toLocaleString('en-US')} KiB`;
}
