/** Distributions of reconstruction errors, on a logarithmic axis: errors of different kinds lie decades apart. */
import { chart } from './charts.ts';
import { figure } from './format.ts';
import type { Html } from './html.ts';
import type { Entry } from './legend.ts';
import { COLOURS } from './theme.ts';

export interface ErrorSeries extends Entry {
  readonly errors: readonly number[];
}

const BINS = 40;

/** One outline per series: the share of its errors per bin; with the threshold as a line where it is given. */
export function errorCurves(
  description: string,
  series: readonly ErrorSeries[],
  threshold?: number,
): Promise<Html> {
  const positive = series
    .flatMap(({ errors }) => errors)
    .concat(threshold ?? [])
    .filter((error) => error > 0);
  // An error of 0 goes to the lowest bin; where all are 0, any range will do.
  const [low, high] =
    positive.length === 0
      ? [0.1, 10]
      : ([
          Math.log(smallest(positive) / 1.05),
          Math.log(-smallest(positive.map((error) => -error)) * 1.05),
        ].map(Math.exp) as [number, number]);
  const edge = (bin: number) => low * (high / low) ** (bin / BINS);
  const values = series.flatMap(({ name, errors }) => {
    const counts = new Array<number>(BINS).fill(0);
    for (const error of errors) counts[binOf(error, low, high)]! += 1 / errors.length;
    return counts.map((share, bin) => ({ name, share, from: edge(bin), to: edge(bin + 1) }));
  });
  const isRight = threshold !== undefined && Math.log(threshold / low) > Math.log(high / low) / 2;
  const mark = { datum: threshold ?? 0, type: 'quantitative' } as const;
  return chart(description, {
    layer: [
      {
        data: { values },
        mark: { type: 'bar', opacity: series.length > 1 ? 0.55 : 0.9, binSpacing: 0, cornerRadius: 1 },
        encoding: {
          x: {
            field: 'from',
            type: 'quantitative',
            scale: { type: 'log', domain: [low, high], nice: false },
            title: 'reconstruction error of a row',
            axis: { format: '.2~g', grid: false, tickCount: 6 },
          },
          x2: { field: 'to' },
          y: {
            field: 'share',
            type: 'quantitative',
            stack: false,
            title: 'share of the rows',
            axis: { format: '.0%' },
          },
          color: {
            field: 'name',
            type: 'nominal',
            legend: null,
            scale: { domain: series.map(({ name }) => name), range: series.map(({ colour }) => colour) },
          },
        },
      },
      ...(threshold === undefined || threshold <= 0
        ? []
        : [
            {
              mark: { type: 'rule' as const, strokeDash: [4, 3], color: COLOURS.ink.light },
              encoding: { x: mark },
            },
            {
              mark: {
                type: 'text' as const,
                text: `threshold ${figure(threshold)}`,
                align: isRight ? ('right' as const) : ('left' as const),
                dx: isRight ? -5 : 5,
                y: 0,
                baseline: 'top' as const,
                color: COLOURS.ink.light,
              },
              encoding: { x: mark },
            },
          ]),
    ],
  });
}

function binOf(error: number, low: number, high: number): number {
  if (error <= low) return 0;
  return Math.min(BINS - 1, Math.floor((BINS * Math.log(error / low)) / Math.log(high / low)));
}

function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value));
}
