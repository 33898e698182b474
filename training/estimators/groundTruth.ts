/** Ground truth: the known classes or numbers that predictions are compared with. */
import type { Labels, Target } from '../data/dataset.ts';

export interface GroundTruth {
  /** Name of the column. */
  readonly name: string;
  /**
   * Index in `classes` (-1: a class that is not among them) or, without `classes`, a number; NaN if unknown.
   */
  readonly rows: ArrayLike<number>;
  /** Set if the rows are classes. */
  readonly classes?: readonly string[] | undefined;
}

type KnownLabels = Pick<Labels, 'name' | 'classes' | 'rows'>;

/** Returns labels as ground truth for a classifier whose classes are `among`, in that order. */
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

/** Returns the classes that occur in at least one row. */
export function classesIn({ classes, rows }: KnownLabels): string[] {
  const found = new Set(Array.from(rows));
  return classes.filter((_, label) => found.has(label));
}

/**
 * Returns the ground truth of a model's predictions: the labels if the model has `classes`, otherwise the
 * target.
 */
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
