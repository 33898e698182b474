import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openApiDocument } from '../edge/openapi/document.ts';
import type { PathItems } from '../edge/openapi/paths.ts';
import { anchorOf } from '../scripts/measure/docs/api.ts';
import { llmsText } from '../scripts/measure/docs/llms.ts';
import { writtenSections } from '../scripts/measure/docs/pages.ts';
import { type Setting, settingsOf, sharedSettingsTable } from '../scripts/measure/docs/settings.ts';
import type { Comparison } from '../scripts/measure/experiments/comparisons/comparison.ts';
import { COMPARISONS } from '../scripts/measure/experiments/comparisons/registry.ts';
import { fillSections } from '../scripts/measure/sections.ts';
import { PAGES as PACKED } from '../scripts/package/docs.ts';
import { readmeOf } from '../scripts/package/readme.ts';
import { VARIANTS } from '../training/models/registry.ts';
import { blocksOf, PAGES as RUN_PAGES } from './support/commands/docs.ts';
import { SECTION } from './support/suites/requirements.ts';

/** Languages of blocks that tests run as a reader does. */
const RUN = ['sh', 'ts'];

const ROOT = join(import.meta.dirname, '..');

/** Every page for people, from the root of the repository. */
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');

/** Columns that explain what the row is about. */
const EXPLAINING = ['description', 'passes', 'value at x', 'what it runs'];

/** The rows of every table of a text, with the heads of their columns. */
function tablesOf(text: string): { head: string[]; cells: string[] }[] {
  const cellsOf = (line: string) => line.slice(2, -2).split(' | ');
  const tables = text.match(/^\|.*\|\n\|[-|]+\|\n(\|.*\|\n?)*/gm) ?? [];
  return tables.flatMap((table) => {
    const [head, , ...rows] = table.trimEnd().split('\n');
    return rows.map((row) => ({ head: cellsOf(head!), cells: cellsOf(row) }));
  });
}

describe.each(Object.entries(writtenSections()))('%s', (page, sections) => {
  it('says what the code says; "npm run docs" writes it', () => {
    const text = textOf(page);
    expect(text).toBe(fillSections(text, sections));
  });

  it('has no cell that is too long to read', () => {
    const cells = Object.values(sections).flatMap(tablesOf);
    expect(cells.flatMap((row) => row.cells).filter((cell) => cell.length > 240)).toEqual([]);
  });

  it('describes all that it lists', () => {
    const rows = Object.values(sections).flatMap(tablesOf);
    const empty = rows.filter(({ head, cells }) =>
      head.some((column, i) => EXPLAINING.includes(column) && cells[i]!.trim() === ''),
    );
    expect(empty.map(({ cells }) => cells[0])).toEqual([]);
  });
});

it('the reference of a route lists every member of its example', () => {
  const sections = textOf('docs/reference/operations.md').split('\n### ');
  const missing = Object.entries<PathItems>(openApiDocument().paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody }]) => {
      const address = `${method.toUpperCase()} ${path}`;
      const section = sections.find((each) => each.startsWith(`\`${address}\`\n`))!;
      const example = requestBody?.content['application/json']?.example ?? {};
      return Object.keys(example)
        .filter((member) => !section.includes(`\n| \`${member}\` |`))
        .map((member) => `${address}: ${member}`);
    }),
  );
  expect(missing).toEqual([]);
});

/** Sections of comparisons on a page; undefined is that of most. */
function sectionsOn(page: string | undefined): string[] {
  return Object.values<Comparison>(COMPARISONS)
    .filter((each) => each.page === page)
    .map(({ section }) => section);
}

/** Sections that `npm run figures` and `npm run experiments` write: a page without them would lose what was measured. */
const MEASURED = {
  'README.md': ['demo', 'answer-anomalies', 'answer-recommendations', 'answer-codes'],
  'docs/benchmarks.md': ['experiments', 'detection', ...sectionsOn(undefined), 'training', 'edge', 'doors'],
  'docs/recommendations.md': sectionsOn('docs/recommendations.md'),
  'docs/capacity.md': sectionsOn('docs/capacity.md'),
  'docs/frozen-runtime.md': ['uploads'],
  'docs/images-and-sequences.md': ['digits'],
};

it.each(Object.entries(MEASURED))('%s has the sections for what is measured', (page, names) => {
  const sections = Object.fromEntries(names.map((name) => [name, '']));
  expect(() => fillSections(textOf(page), sections)).not.toThrow();
});

it('the README fits: at most 150 lines', () => {
  expect(textOf('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

it('every page whose commands or snippets a reader can run is run by a test', () => {
  const runnable = PAGES.filter((page) => blocksOf(page).some(({ language }) => RUN.includes(language)));
  expect(runnable.toSorted()).toEqual(Object.values(RUN_PAGES).flat().toSorted());
});

it('every language of a block is one that is run, or one that is only shown', () => {
  const languages = PAGES.flatMap(blocksOf).map(({ language }) => language);
  const known = [...RUN, 'json', 'mermaid', 'python', 'sql', 'text', 'yaml', 'toml'];
  expect([...new Set(languages)].filter((language) => !known.includes(language))).toEqual([]);
});

describe.each(PAGES)('%s', (page) => {
  it('links to what exists', () => {
    const prose = textOf(page).replaceAll(/^```[\s\S]*?^```$/gm, '');
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path, anchor] = link.split('#') as [string, string?];
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !headingsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

it('llms.txt lists every page but the overviews, as "npm run docs" writes it', () => {
  const text = textOf('llms.txt');
  expect(text).toBe(llmsText());
  const listed = [...text.matchAll(/^- \[[^\]]+\]\(([^)]+)\): \S/gm)].map(([, page]) => page!);
  const overviews = ['README.md', 'CHANGELOG.md', 'docs/README.md'];
  expect(listed.toSorted()).toEqual(PAGES.filter((page) => !overviews.includes(page)).toSorted());
});

it('every page for users is packed', () => {
  const ofRepository = ['docs/README.md', 'docs/ARCHITECTURE.md', 'docs/benchmarks.md', 'docs/capacity.md'];
  const pages = PAGES.filter((page) => page.startsWith('docs/') && !ofRepository.includes(page));
  expect(PACKED.map((page) => join('docs', page)).toSorted()).toEqual(pages.toSorted());
});

it('the README of the package leads to every page, and makes the model that some begin with', () => {
  const readme = readmeOf('latentedge');
  for (const page of PACKED) expect(readme).toContain(`(docs/${page})`);
  expect(readme).toContain('npx latentedge train anomaly --data artifacts/pumps.csv --name pumps');
});

/** The anchors of a page. */
function headingsOf(page: string): string[] {
  const prose = textOf(page).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
}

it('the full suite, if it lacks something, names a section of CONTRIBUTING.md that exists', () => {
  expect(headingsOf('CONTRIBUTING.md')).toContain(anchorOf(SECTION));
});

describe.each(['CONTRIBUTING.md', 'docs/ARCHITECTURE.md'])('%s', (page) => {
  /** In Markdown, and in the HTML of Mermaid's labels. */
  const NAMED =
    /(?:`|<code>)((?:training|edge|shared|scripts|test|docs)\/[^`<\s]*|[\w./]+\.ts)(?:`|<\/code>)/g;
  /** Where a path that begins elsewhere may begin. */
  const ROOTS = ['', 'edge/requests'];

  it('names paths that exist', () => {
    const paths = [...textOf(page).matchAll(NAMED)].map(([, path]) => path!);
    expect(paths.length).toBeGreaterThan(20);
    const missing = paths.filter(
      (path) =>
        !path.includes('*') &&
        !path.includes('yours') &&
        !ROOTS.some((root) => existsSync(join(ROOT, root, path))),
    );
    expect(missing).toEqual([]);
  });
});

describe('settings, as documented', () => {
  it.each([
    [
      'a number with bounds',
      z.number().gt(0).lt(1).describe('x').default(0.5),
      '0.5',
      '`number`, above 0, below 1',
    ],
    ['a whole number', z.number().int().describe('x').default(3), '3', '`integer`'],
    [
      'large bounds',
      z.number().int().min(1).max(65_536).describe('x').default(1),
      '1',
      '`integer`, 1 to 65,536',
    ],
    ['small defaults', z.number().positive().describe('x').default(1e-7), '1e-7', '`number`, above 0'],
    ['a choice', z.enum(['a', 'b']).describe('x').default('b'), '`b`', "`'a' | 'b'`"],
    ['a flag', z.boolean().describe('x').default(false), '`false`', '`boolean`'],
    [
      'what may be null',
      z.number().min(2).nullable().describe('x').default(null),
      '`null`',
      '`number | null`, 2 or more',
    ],
    [
      'a list',
      z.array(z.number().int().min(1)).describe('x').default([2, 3]),
      '`[2, 3]`',
      '`Array<integer>`, each 1 or more',
    ],
    [
      'a list of lists',
      z.array(z.array(z.union([z.number(), z.string(), z.null()]))).describe('x'),
      'none',
      '`Array<Array<number | string | null>>`',
    ],
    [
      'an object',
      z.object({ name: z.string(), size: z.number().optional() }).describe('x'),
      'none',
      '`{ name: string; size?: number }`',
    ],
    ['any names', z.record(z.string(), z.boolean()).describe('x'), 'none', '`Record<string, boolean>`'],
    ['no default', z.string().describe('x'), 'none', '`string`'],
  ])('%s', (_, schema, given, type) => {
    expect(settingsOf(z.strictObject({ name: schema }))).toEqual([
      { name: 'name', default: given, type, description: 'x' },
    ]);
  });

  it('refuses a setting that nobody described, by its name', () => {
    expect(() => settingsOf(z.strictObject({ depth: z.number().default(1) }))).toThrow(/^setting depth: /);
  });

  it('has every setting of every variant, with its default', () => {
    const defaults = settingsOf(VARIANTS.variational.config).map((each) => [each.name, each.default]);
    const parsed = VARIANTS.variational.config.parse({});
    const expected = Object.entries(parsed).map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return [name, typeof value === 'number' ? text : `\`${text}\``];
    });
    expect(defaults).toEqual(expected);
  });

  it('puts what several owners share into one row, with the defaults that differ', () => {
    const setting = (given: string): Setting => ({
      name: 'width',
      default: given,
      type: '`number`',
      description: 'how wide',
    });
    const owners = { a: [setting('1')], b: [setting('2')], c: [setting('1')], d: [] };
    expect(sharedSettingsTable('owners', owners).split('\n')).toEqual([
      '| setting | type | default | description | owners |',
      '|---|---|---|---|---|',
      '| `width` | `number` | 1; 2 (b) | how wide | all but d |',
    ]);
  });
});
