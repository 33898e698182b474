/** What a model's description says about how to show it. */
import type { ModelDescription } from '../../shared/api.ts';
import { isMember, pcaCopies } from '../../shared/figureNames.ts';
import type { OperationName } from '../../shared/manifest.ts';
import { betterOf } from '../../shared/metricDirection.ts';

/** What the rows of a model are. */
export type Kind = 'images' | 'items' | 'table' | 'series';

/** The size of images: rows of `height * width * channels` values. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** True if all values of a channel follow each other, as PyTorch has them; otherwise those of a pixel do. */
  readonly isChannelsFirst: boolean;
  /** The values of black and white. */
  readonly low: number;
  readonly high: number;
}

export const offers = ({ operations }: Pick<ModelDescription, 'operations'>, name: OperationName): boolean =>
  operations.includes(name);

export function kindOf(model: ModelDescription): Kind {
  if (offers(model, 'recommend') || offers(model, 'similar')) return 'items';
  if (imageShape(model) !== undefined) return 'images';
  const { names, columns } = model.features;
  return names !== null || columns !== undefined ? 'table' : 'series';
}

/** Returns the shape of a model's images; undefined if its rows are no images. */
export function imageShape({ features, condition, operations }: ModelDescription): ImageShape | undefined {
  const { names, rowShape, count, statistics, imageLayout, white = 1 } = features;
  if (names !== null && rowShape.length === 1) return undefined;
  // Rows of several steps with several values each have two axes, too.
  if (imageLayout === null || offers({ operations }, 'forecast')) return undefined;
  // Rows of a conditional model end with its label, and are flat; images were square.
  const pixels = count - (condition?.size ?? 0);
  const side = Math.sqrt(pixels);
  const isSquare = condition?.labels !== undefined && Number.isInteger(side) && side > 1;
  const isChannelsFirst = imageLayout === 'CHW';
  const [first, second, third = 1] = isSquare ? [side, side] : rowShape;
  const [height, width, channels] = isChannelsFirst ? [second, third, first!] : [first, second, third];
  if (height === undefined || width === undefined || (channels !== 1 && channels !== 3)) return undefined;
  const extreme = (values: readonly (number | null)[], of: (...all: number[]) => number, other: number) =>
    values.slice(0, pixels).reduce<number>((best, value) => of(best, value ?? best), other);
  const size = { height, width, channels, isChannelsFirst };
  // An imported model may come without rows, and so without statistics.
  if (imageLayout !== undefined) return { ...size, low: 0, high: white };
  const low = extreme(statistics.min, Math.min, 0);
  return { ...size, low, high: extreme(statistics.max, Math.max, low + 1e-9) };
}

/** Returns the position in a row of one channel of a pixel. */
export const valueAt = (
  { height, width, channels, isChannelsFirst }: ImageShape,
  pixel: number,
  channel: number,
): number => (isChannelsFirst ? channel * height * width + pixel : pixel * channels + channel);

const numbers = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'number' : 'numbers'}`;

/** A sentence about what the model does. */
export function summaryOf(model: ModelDescription): string {
  const { codeSize, features, condition } = model;
  const shape = imageShape(model);
  const sentences: Record<Kind, () => string> = {
    images: () => {
      const size = `${shape!.width} × ${shape!.height} pixels`;
      const draws = offers(model, 'sample') ? ', and draws new ones' : '';
      const label = condition?.labels ? `, for any of ${condition.labels.length} labels` : '';
      return `Compresses images of ${size} to ${codeSize} numbers${draws}${label}.`;
    },
    items: () => `Recommends from ${features.count.toLocaleString('en')} items.`,
    table: () => {
      const does = offers(model, 'score') ? 'Finds unusual rows' : 'Encodes rows';
      return `${does} of ${features.count} columns${codeSize > 0 ? `, by way of a code of ${numbers(codeSize)}` : ''}.`;
    },
    series: () =>
      offers(model, 'forecast')
        ? 'Continues series of numbers: forecasts what comes next.'
        : codeSize < features.count
          ? `Compresses rows of ${numbers(features.count)} to ${codeSize}.`
          : `Encodes rows of ${numbers(features.count)} as codes of ${codeSize.toLocaleString('en')}.`,
  };
  return sentences[kindOf(model)]();
}

/**
 * True for a method that somebody could use instead of the model: neither the untrained network, nor a part of the
 * model's own score, nor a PCA that copies the rows.
 */
export function isRival(name: string, metric: string, baselines: ModelDescription['baselines']): boolean {
  if (name === 'untrained' || isMember(name)) return false;
  return !(name === 'pca' && metric === 'mse' && pcaCopies(baselines));
}

interface Figure {
  readonly metric: string;
  readonly value: number;
  readonly baseline?: { readonly name: string; readonly value: number };
}

/** Metrics by what they say about a model, the most telling first. */
const TELLING = ['roc-auc', 'recall@20', 'logistic-roc-auc', 'svr-mae', 'elbo', 'mse'] as const;

/** Returns the most telling figure on held-out rows that a baseline has, too, next to the best of these; or any. */
export function keyFigure({ metrics, baselines }: ModelDescription): Figure | undefined {
  const figures = TELLING.flatMap((metric): Figure[] => {
    const value = metrics[metric];
    if (value === undefined) return [];
    const [best] = Object.entries(baselines)
      .flatMap(([name, { [metric]: its }]) =>
        its === undefined || !isRival(name, metric, baselines) ? [] : [{ name, value: its }],
      )
      .toSorted((a, b) => (betterOf(metric) === 'lower' ? a.value - b.value : b.value - a.value));
    return [{ metric, value, ...(best && { baseline: best }) }];
  });
  return figures.find(({ baseline }) => baseline !== undefined) ?? figures[0];
}

/** A number for people: three significant digits, five from 1,000 on, without an exponent where that is short. */
export function short(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2);
  return size >= 1000
    ? value.toLocaleString('en', { maximumSignificantDigits: size < 1e5 ? 5 : 6 })
    : `${Number(value.toPrecision(3))}`;
}
