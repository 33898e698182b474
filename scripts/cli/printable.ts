/** Text of others on a terminal: file contents, names and answers of servers, which may hold anything. */

/**
 * Characters that a terminal obeys instead of showing them, but for the line feed and the tab, and those that reorder
 * what is on a line (https://trojansource.codes).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are meant.
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Shows control characters as `\x1b` and `\u202e`. */
export function printable(text: string): string {
  return text.replaceAll(CONTROL, (character) => {
    const code = character.charCodeAt(0);
    return code < 256
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Prints a line about what a command does, or a warning, to where it is no part of the result. */
export function printAside(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}
