/** Categories that training did not see. */
import type { FeatureColumn } from './features.ts';
import type { Manifest } from './manifest.ts';

const known = new WeakMap<FeatureColumn, ReadonlySet<string>>();

/**
 * Returns the test of a category of the feature at a position: true if training did not see it, so that the
 * graphs take it for a missing one. Undefined if the manifest does not list the categories of the feature. The
 * empty text is a missing category, and not an unseen one.
 */
export function unseenTest(
  { features }: Manifest,
  position: number,
): ((text: string) => boolean) | undefined {
  const column = features.columns?.[position];
  if (column?.categories === undefined) return undefined;
  const categories = known.get(column) ?? new Set(column.categories);
  known.set(column, categories);
  return (text) => text !== '' && !categories.has(text);
}
