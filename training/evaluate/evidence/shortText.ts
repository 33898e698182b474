/** Most characters of a text that evaluations keep. */
const MOST = 120;

/** Returns a text on one line, cut where it is long. */
export function shortText(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const characters = Array.from(line.slice(0, 2 * MOST));
  return characters.length <= MOST
    ? line
    : `${characters
        .slice(0, MOST - 1)
        .join('')
        .trimEnd()}…`;
}
