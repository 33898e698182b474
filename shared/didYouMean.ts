/** Suggestions for misspelt names. */

/**
 * `; did you mean 'rain'?` for the known name nearest to what was received, or nothing if none is near: at most a third
 * of the letters differ (Damerau-Levenshtein distance, upper and lower case alike).
 */
export function didYouMean(received: string, known: readonly string[]): string {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(received.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(received.toLowerCase(), name.toLowerCase());
    if (distance < least) [best, least] = [name, distance];
  }
  return best === undefined ? '' : `; did you mean '${best}'?`;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = last[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      row[j] = Math.min(substituted, last[j]! + 1, row[j - 1]! + 1);
      const swaps = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swaps) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
