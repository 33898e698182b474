/** Where a column's numbers are: among the encoded ones that a model sees, and among the decoded ones that it answers. */
import type { FittedColumn, StepStatistics } from '../data/preprocessing.ts';
import { transformOf } from './registry.ts';
import type { Categories } from './transform.ts';

export interface ColumnLayout {
  /** Its first encoded number. */
  readonly start: number;
  /** How many there are, the indicator not counted, which comes after them. */
  readonly width: number;
  readonly indicator: boolean;
  /** Its first decoded number. */
  readonly decodedStart: number;
  /** One, or as many as there are categories. */
  readonly decodedWidth: number;
}

/** Of each column, in order. */
export function layoutsOf(columns: readonly FittedColumn[]): ColumnLayout[] {
  let [start, decodedStart] = [0, 0];
  return columns.map((column) => {
    const width = widthOf(column);
    const indicator = column.steps.some(({ options }) => options.indicator === true);
    const decodedWidth = fittedCategories(column)?.length ?? 1;
    const layout = { start, width, indicator, decodedStart, decodedWidth };
    start += encodedWidth(layout);
    decodedStart += decodedWidth;
    return layout;
  });
}

export function encodedWidth({ width, indicator }: Pick<ColumnLayout, 'width' | 'indicator'>): number {
  return width + Number(indicator);
}

/** How many numbers all columns become. */
export function rowWidth(columns: readonly FittedColumn[]): number {
  return layoutsOf(columns).reduce((sum, layout) => sum + encodedWidth(layout), 0);
}

/** A name for each encoded number. */
export function encodedNames(columns: readonly FittedColumn[]): string[] {
  return layoutsOf(columns).flatMap(({ width, indicator }, i) => {
    const { name } = columns[i]!;
    const values =
      width === 1 ? [name] : fittedCategories(columns[i]!)!.map((category) => `${name}=${category}`);
    return indicator ? [...values, `${name} missing`] : values;
  });
}

/** What the probabilities of a reconstruction are of, in order; none for a column of numbers. */
export function fittedCategories(column: FittedColumn): readonly string[] | undefined {
  return encodingOf(column)?.statistics.categories;
}

function widthOf(column: FittedColumn): number {
  const encoding = encodingOf(column);
  return encoding === undefined ? 1 : encoding.transform.width(encoding.statistics);
}

function encodingOf({ steps }: FittedColumn) {
  for (const step of steps) {
    const transform = transformOf(step);
    if (transform.kind === 'category')
      return { transform, statistics: step.statistics as StepStatistics & Categories };
  }
  return undefined;
}
