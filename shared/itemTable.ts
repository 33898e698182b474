/** The table of a recommender's items, as the manifest keeps it: titles, and columns to filter by. */
import * as z from 'zod';

/** A column with one value per item, in the order of the features; null if it is unknown. */
export const ItemColumn = z.lazy(() =>
  z.strictObject({
    name: z.string(),
    type: z.enum(['category', 'number', 'boolean']),
    /** The texts of a column of categories, whose values are positions in this list. */
    categories: z.array(z.string()).optional(),
    /** Numbers, positions of categories, or 1 and 0 for true and false. */
    values: z.array(z.number().nullable()),
  }),
);

export const ItemTable = z.lazy(() =>
  z.strictObject({
    /** What was given as --items, to read the table again. */
    source: z.string(),
    /** The title of each item, null if it has none; absent if the table has no column of titles. */
    titles: z.array(z.string().nullable()).optional(),
    columns: z.array(ItemColumn),
  }),
);

export type ItemColumn = z.infer<typeof ItemColumn>;
export type ItemTable = z.infer<typeof ItemTable>;

/** Separates several values in one text, as in `Comedy|Drama`. */
const SEPARATOR = '|';

/** Returns the values that a text stands for: itself, and its parts if it joins several with `|`. */
export function valuesIn(text: string): string[] {
  return text.includes(SEPARATOR) ? [text, ...text.split(SEPARATOR).map((part) => part.trim())] : [text];
}

/** Returns every value that texts stand for, each once. */
export function knownValues(texts: readonly string[]): string[] {
  return [...new Set([...texts, ...texts.flatMap(valuesIn)])];
}

/** Returns the value of a column for an item as people know it; undefined if it is unknown. */
export function itemValue(
  { type, categories, values }: ItemColumn,
  item: number,
): string | number | boolean | undefined {
  const value = values[item];
  if (value === null || value === undefined) return undefined;
  if (type === 'category') return categories![value];
  return type === 'boolean' ? value === 1 : value;
}
