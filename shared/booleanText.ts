/** Words that stand for true and false in tables, and so in requests. */
const WORDS: Readonly<Record<string, 0 | 1>> = { true: 1, yes: 1, false: 0, no: 0 };

/**
 * Reads a word in any case; undefined if it stands for neither true nor false.
 *
 * @example
 * booleanOf('Yes'); // 1
 */
export function booleanOf(text: string): 0 | 1 | undefined {
  const word = text.toLowerCase();
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
}
