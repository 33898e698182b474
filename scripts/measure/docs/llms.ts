/** `llms.txt` (https://llmstxt.org): the pages of the documentation with what each is for. */
import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { PACKAGE_FOLDER } from '../../cli/places.ts';

/** A row of the tables of `docs/README.md`, with a page in either cell. */
const LINK = /\[([^\]]+)\]\(([^)#:]+\.md)\)/g;

interface Page {
  readonly section: string;
  readonly title: string;
  /** From the root of the repository. */
  readonly path: string;
  readonly what: string;
}

/** @param isListed True for pages to list, by their paths from the root of the repository. */
export function llmsText(isListed: (path: string) => boolean = () => true): string {
  const pages = pagesIn(readFileSync(join(PACKAGE_FOLDER, 'docs/README.md'), 'utf8')).filter(({ path }) =>
    isListed(path),
  );
  const sections = [...new Set(pages.map(({ section }) => section))];
  const lists = sections.map((section) => {
    const own = pages.filter((page) => page.section === section);
    return `## ${section}\n\n${own.map(({ title, path, what }) => `- [${title}](${path}): ${what}`).join('\n')}\n`;
  });
  return `# latentedge

> Train autoencoders from TypeScript, ship them as ONNX, and serve encoding, dimensionality reduction, anomaly scores, samples and recommendations from Cloudflare Workers. No Python.

${lists.join('\n')}`;
}

function pagesIn(text: string): Page[] {
  let section = '';
  return text.split('\n').flatMap((line) => {
    section = /^## (.+)/.exec(line)?.[1] ?? section;
    const [, first = '', second = ''] = /^\| (.+) \| (.+) \|$/.exec(line) ?? [];
    // Links among other words are no entries.
    const linked = [first, second].find(
      (cell) => cell.replaceAll(LINK, '').replaceAll(',', '').trim() === '',
    );
    if (section === 'Commands' || linked === undefined) return [];
    const what = linked === first ? second : first;
    return [...linked.matchAll(LINK)].map(([, title, target]) => ({
      ...{ section, title: title!, what },
      path: normalize(join('docs', target!)),
    }));
  });
}
