/** Categories of rows that training did not see, which the graphs take for missing ones. */
import type { UnseenCategory } from '../../../shared/api.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import { unseenTest } from '../../../shared/unseen.ts';
import type { Batch } from './batch.ts';
import type { RowLayout } from './layout.ts';

/** Unseen categories that an answer names: a request may have many more. */
export const MAX_UNSEEN = 1024;

/**
 * Returns the first `most` categories that training did not see, in the order of the rows. Rows with a fault are left
 * out.
 *
 * @param start The position of the first row in the request.
 */
export function unseenCategories(
  manifest: Manifest,
  { columns }: Pick<RowLayout, 'columns'>,
  { inputs, rowCount, faults }: Batch,
  start: number,
  most: number,
): UnseenCategory[] {
  const tested = columns.flatMap(({ input, dtype }, position) => {
    const isUnseen = dtype === 'string' ? unseenTest(manifest, position) : undefined;
    if (isUnseen === undefined) return [];
    const feature = manifest.features.names?.[position] ?? position;
    return [{ feature, isUnseen, texts: inputs[input]!.data as readonly string[] }];
  });
  const unseen: UnseenCategory[] = [];
  for (let row = 0; row < rowCount && unseen.length < most; row++) {
    if (faults.has(start + row)) continue;
    for (const { feature, isUnseen, texts } of tested)
      if (isUnseen(texts[row]!)) unseen.push({ row: start + row, feature, value: texts[row]! });
  }
  return unseen.slice(0, most);
}
