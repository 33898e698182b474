/** Categories that are probably one, written in two ways. */
import type { ColumnNote } from './table.ts';

/** Columns of more distinct texts are names or free text. */
const MOST_CATEGORIES = 1000;

/**
 * Returns a note on texts that differ only in letter case, spaces or Unicode form. They stay categories of their own:
 * only the user knows whether `US` and `us` are the same.
 * @param counts Rows of each text.
 */
export function alikeNote(texts: readonly string[], counts: ArrayLike<number>): ColumnNote[] {
  if (texts.length > MOST_CATEGORIES) return [];
  const groups = new Map<string, number[]>();
  for (const [i, text] of texts.entries()) {
    const key = text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
    groups.set(key, [...(groups.get(key) ?? []), i]);
  }
  const rowsOf = (group: readonly number[]) => group.reduce((sum, i) => sum + counts[i]!, 0);
  const alike = [...groups.values()].filter(({ length }) => length > 1).sort((a, b) => rowsOf(b) - rowsOf(a));
  const [most] = alike;
  if (most === undefined) return [];
  const named = most.map((i) => `'${texts[i]}' (${counts[i]} ${counts[i] === 1 ? 'row' : 'rows'})`);
  const more = alike.length > 1 ? `, and ${alike.length - 1} more like these` : '';
  return [
    {
      kind: 'alike',
      text: `${named.join(' and ')}${more} are categories of their own, though they differ only in letter case, spaces or Unicode form`,
    },
  ];
}
