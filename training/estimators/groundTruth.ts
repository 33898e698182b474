/** What is known of rows, to hold predictions against. */
import type { Labels, Target } from '../data/dataset.ts';

export interface GroundTruth {
  /** Of the column. */
  readonly name: string;
  /** Of classes the place in `classes`, -1 where it is none of them; NaN where nothing is known. */
  readonly rows: ArrayLike<number>;
  /** Where the rows are of classes. */
  readonly classes?: readonly string[] | undefined;
}

type KnownLabels = Pick<Labels, 'name' | 'classes' | 'rows'>;

/** Labels as the truth for a classifier of the given classes, in their order. */
export function groundTruthOfLabels(
  { name, classes, rows }: KnownLabels,
  among: readonly string[],
): GroundTruth {
  const places = classes.map((each) => among.indexOf(each));
  return {
    name: name ?? 'label',
    rows: Array.from(rows, (label) => (label < 0 ? Number.NaN : places[label]!)),
    classes: among,
  };
}

/** The classes that at least one row has. */
export function classesIn({ classes, rows }: KnownLabels): string[] {
  const found = new Set(Array.from(rows));
  return classes.filter((_, label) => found.has(label));
}

/** What a model predicts: one of the given classes or, without them, the target. */
export function groundTruthOf(
  {
    labels,
    target,
  }: { readonly labels: KnownLabels | undefined; readonly target: Pick<Target, 'name' | 'rows'> | undefined },
  classes: readonly string[] | undefined,
): GroundTruth | undefined {
  if (classes === undefined) return target;
  return labels && groundTruthOfLabels(labels, classes);
}
