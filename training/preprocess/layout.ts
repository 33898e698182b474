/**
 * Positions of a column's numbers in the encoded rows that a model sees and in the decoded rows that it
 * answers.
 */
import type { FittedColumn, StepStatistics } from '../data/preprocessing.ts';
import { transformOf } from './registry.ts';
import type { Categories } from './transform.ts';

export interface ColumnLayout {
  /** Index of its first encoded number. */
  readonly start: number;
  /** Count of encoded numbers, without the indicator, which comes after them. */
  readonly width: number;
  readonly indicator: boolean;
  /** Index of its first decoded number. */
  readonly decodedStart: number;
  /** The number of categories; 1 for a column of numbers. */
  readonly decodedWidth: number;
}

/** Returns the layout of each column, in order. */
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

/** Returns the positions of each column's numbers in an encoded row, with its indicator. */
export function encodedPositions(columns: readonly FittedColumn[]): number[][] {
  return layoutsOf(columns).map((layout) =>
    Array.from({ length: encodedWidth(layout) }, (_, i) => layout.start + i),
  );
}

/** Returns the width of an encoded row. */
export function rowWidth(columns: readonly FittedColumn[]): number {
  return layoutsOf(columns).reduce((sum, layout) => sum + encodedWidth(layout), 0);
}

/** Returns a name for each encoded number. */
export function encodedNames(columns: readonly FittedColumn[]): string[] {
  return layoutsOf(columns).flatMap(({ width, indicator }, i) => {
    const { name } = columns[i]!;
    const values =
      width === 1 ? [name] : fittedCategories(columns[i]!)!.map((category) => `${name}=${category}`);
    return indicator ? [...values, `${name} missing`] : values;
  });
}

/** Returns the categories that a reconstruction's probabilities refer to, in order; undefined for numbers. */
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
