/**
 * Distributions of errors on a logarithmic axis, since errors of different kinds of rows may be decades
 * apart.
 */
import { chart, markedLine } from './charts.ts';
import { figure } from './format.ts';
import type { Html } from './html.ts';
import type { LegendEntry } from './legend.ts';
import { COLOURS } from './theme.ts';

export interface ErrorSeries extends LegendEntry {
  readonly errors: readonly number[];
}

export interface ErrorCurveOptions {
  /** Threshold to draw as a line, if any. */
  readonly threshold?: number;
  /** Title of the error axis. */
  readonly title?: string;
}

const BINS = 40;

/** Draws one outline per series, the share of its errors per bin. */
export function errorCurves(
  description: string,
  series: readonly ErrorSeries[],
  { threshold = 0, title = 'reconstruction error of a row' }: ErrorCurveOptions = {},
): Promise<Html> {
  const [low, high] = rangeOf([...series.flatMap(({ errors }) => errors), threshold]);
  const edges = Array.from({ length: BINS + 1 }, (_, bin) => low * (high / low) ** (bin / BINS));
  const values = series.flatMap(({ name, errors }) => {
    const shares = new Array<number>(BINS).fill(0);
    for (const error of errors) shares[binOf(error, low, high)]! += 1 / errors.length;
    // The last edge repeats the last share, to close the outline.
    return edges.map((x, bin) => ({ x, name, share: shares[bin] ?? shares.at(-1)! }));
  });
  const side = threshold > Math.sqrt(low * high) ? 'left' : 'right';
  return chart(description, {
    layer: [
      {
        data: { values },
        mark: {
          type: 'area',
          interpolate: 'step-after',
          fillOpacity: series.length > 1 ? 0.3 : 0.5,
          line: { strokeWidth: 1.5, interpolate: 'step-after' },
        },
        encoding: {
          x: {
            field: 'x',
            type: 'quantitative',
            scale: { type: 'log', domain: [low, high], nice: false },
            title,
            axis: { format: '.2~g', grid: false },
          },
          y: {
            field: 'share',
            type: 'quantitative',
            stack: false,
            title: 'share of rows',
            // Leaves room for the label of the threshold.
            scale: { domain: [0, 1.15 * Math.max(...values.map((value) => value.share))], nice: false },
            axis: { format: '~%' },
          },
          color: {
            field: 'name',
            type: 'nominal',
            legend: null,
            scale: { domain: series.map(({ name }) => name), range: series.map(({ colour }) => colour) },
          },
        },
      },
      ...(threshold > 0
        ? markedLine(threshold, `threshold ${figure(threshold)}`, side, COLOURS.ink.light)
        : []),
    ],
  });
}

/** Range of the positive errors, with a margin; errors of 0 go to the lowest bin. */
function rangeOf(errors: readonly number[]): [number, number] {
  const positive = errors.filter((error) => error > 0);
  if (positive.length === 0) return [0.1, 1];
  const low = positive.reduce((least, error) => Math.min(least, error));
  const high = positive.reduce((most, error) => Math.max(most, error));
  return [low / 1.1, high * 1.1];
}

function binOf(error: number, low: number, high: number): number {
  if (error <= low) return 0;
  return Math.min(BINS - 1, Math.floor((BINS * Math.log(error / low)) / Math.log(high / low)));
}
