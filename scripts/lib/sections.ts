/** Parts of a Markdown file that a script writes, between `<!-- name -->` and `<!-- /name -->`. */

/**
 * The text with the content of each named section replaced.
 * @throws {Error} when a section is missing, so that no figure is measured and then lost.
 */
export function fillSections(markdown: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce((text, [name, content]) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [start, end] = [text.indexOf(open), text.indexOf(close)];
    if (start < 0 || end < start) throw new Error(`section ${name}: expected ${open} and then ${close}`);
    return `${text.slice(0, start + open.length)}\n${content}\n${text.slice(end)}`;
  }, markdown);
}
