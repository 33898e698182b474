/** The results of benchmarks. */
import { cpus, totalmem } from 'node:os';
import { quantile } from '../../../shared/quantile.ts';
import { table } from '../../cli/tables.ts';

/** Several runs of one contender; names are `<case>/<contender>`. */
export interface Measurement {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** The ratio of two medians from the same run, or a single median, with its target. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly target: number;
  readonly direction: '>=' | '<=';
  readonly pass: boolean;
}

export interface BenchReport {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly results: readonly Measurement[];
  readonly ratios: readonly Ratio[];
}

export type BenchResults = Pick<BenchReport, 'results' | 'ratios'>;

/** Summarises repeated runs by their median and range. */
export function measurement(name: string, unit: string, runs: readonly number[]): Measurement {
  const ascending = runs.toSorted((a, b) => a - b);
  const median = quantile(ascending, 0.5);
  return { name, unit, median, min: ascending[0]!, max: ascending.at(-1)!, runs: runs.length };
}

/** Separates the names of the two results of a ratio. */
const AGAINST = ' : ';

/** Compares two medians: `numerator / denominator` must be `direction` `target`. */
export function ratio(
  numerator: Measurement,
  denominator: Measurement,
  direction: Ratio['direction'],
  target: number,
): Ratio {
  const value = numerator.median / denominator.median;
  const pass = direction === '>=' ? value >= target : value <= target;
  return { name: `${numerator.name}${AGAINST}${denominator.name}`, value, target, direction, pass };
}

/** Compares a median with its upper limit, in the unit of the measurement. */
export function limit({ name, median: value, unit }: Measurement, target: number): Ratio {
  return { name: `${name}, ${unit}`, value, target, direction: '<=', pass: value <= target };
}

/** Compares what one median exceeds another by with an upper limit. */
export function excess(measured: Measurement, base: Measurement, target: number): Ratio {
  const value = measured.median - base.median;
  const name = `${measured.name} - ${base.name}, ${measured.unit}`;
  return { name, value, target, direction: '<=', pass: value <= target };
}

export function machine(): BenchReport['machine'] {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  };
}

/** Renders a report as a table. */
export function renderReport({ results, ratios }: BenchReport): string {
  const measured = results.map(({ name, unit, median, min, max, runs }): [string, string] => [
    name,
    `${amount(median)} ${unit} (${amount(min)} to ${amount(max)}, ${runs} runs)`,
  ]);
  const compared = ratios.map(({ name, value, direction, target, pass }): [string, string] => [
    name,
    `${name.includes(AGAINST) ? `${value.toFixed(2)}x` : amount(value)}, target ${direction} ${target}: ${pass ? 'met' : 'missed'}`,
  ]);
  return table([...measured, ...compared]);
}

function amount(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}
