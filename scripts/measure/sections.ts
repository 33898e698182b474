/** Sections of a Markdown file that a script writes, between `<!-- name -->` and `<!-- /name -->`. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Contents by the name of the section. */
export type Sections = Readonly<Record<string, string>>;

/**
 * Replaces the content of each named section.
 * @throws {Error} if a section is missing, so that no measured figure is lost.
 */
export function fillSections(markdown: string, sections: Sections): string {
  return Object.entries(sections).reduce((text, [name, content]) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [start, end] = [text.indexOf(open), text.indexOf(close)];
    if (start < 0 || end < start) throw new Error(`section ${name}: expected ${open} and then ${close}`);
    return `${text.slice(0, start + open.length)}\n${content}\n${text.slice(end)}`;
  }, markdown);
}

/** Fills sections of a file, and writes it whole or not at all. Returns true if the file changed. */
export function updatePage(path: string, sections: Sections): boolean {
  return updateFile(path, fillSections(readFileSync(path, 'utf8'), sections));
}

/** Writes a file that there is, whole or not at all, if its text is another one. Returns true if it changed. */
export function updateFile(path: string, after: string): boolean {
  if (readFileSync(path, 'utf8') === after) return false;
  writeFileSync(`${path}.new`, after);
  renameSync(`${path}.new`, path);
  return true;
}
