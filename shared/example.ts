/** An example of what a model is asked: an operation and a row, for documentation and rehearsals. */
import type { Manifest, OperationName } from './manifest.ts';

/** The operation to show is the first of these that a model offers. */
const SHOWN = ['recommend', 'predict', 'encode', 'score', 'reconstruct'] as const satisfies OperationName[];

/** Returns the operation that shows what a model is made for; undefined if it offers none of those that can. */
export function shownOperation({
  operations,
  anomalyScore,
  metrics,
}: Manifest): (typeof SHOWN)[number] | undefined {
  const detects = anomalyScore !== undefined || metrics['roc-auc'] !== undefined;
  const shown = detects ? (['score', ...SHOWN] as const) : SHOWN;
  return shown.find((each) => operations.includes(each));
}

/** Returns a row that a model accepts: the mean of each number, the first of each category, and false. */
export function exampleRow({
  count,
  columns,
  statistics,
}: Manifest['features']): (number | string | boolean | null)[] {
  return Array.from({ length: count }, (_, i) => {
    const column = columns?.[i];
    if (column?.type === 'category') return column.categories?.[0] ?? null;
    return column?.type === 'boolean' ? false : (statistics.mean[i] ?? 0);
  });
}

/** Returns a row as an object, if its features have names. */
export function rowByName(row: readonly unknown[], names: Manifest['features']['names']): object {
  return names?.length === row.length ? Object.fromEntries(names.map((name, i) => [name, row[i]])) : row;
}
