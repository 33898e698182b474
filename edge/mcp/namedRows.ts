/** Rows that a model answers, by the names of its features. */
import type { Manifest } from '../../shared/manifest.ts';

/** A feature of an answered row; a category has the probability of each of its values. */
export interface AnsweredFeature {
  readonly name: string;
  readonly categories: readonly string[] | undefined;
}

/**
 * Returns the features of a row of `width` values. Undefined if features have no names, or the row is a part of
 * one, or more than it, as some graphs answer.
 */
export function answeredFeatures(
  { features: { names, columns } }: Manifest,
  width: number,
): readonly AnsweredFeature[] | undefined {
  const features = names?.map((name, position): AnsweredFeature => {
    const column = columns?.[position];
    return { name, categories: column?.type === 'category' ? column.categories : undefined };
  });
  const own = features?.reduce((sum, { categories }) => sum + (categories?.length ?? 1), 0);
  return own === width ? features : undefined;
}

/** Returns the values of a row by feature name. */
export function namedRow(
  features: readonly AnsweredFeature[],
  row: readonly number[],
): Readonly<Record<string, unknown>> {
  let at = 0;
  const next = (): number => row[at++]!;
  return Object.fromEntries(
    features.map(({ name, categories }) => [
      name,
      categories ? Object.fromEntries(categories.map((category) => [category, next()])) : next(),
    ]),
  );
}
