/** Returns a text as a shell takes it for one word: in quotes, unless it needs none. */
export function shellWord(text: string): string {
  return /^[\w.,:/=@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
