/** The commands and snippets of the documentation, run as a reader does: in a folder of the project with artifacts of its own. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { keptFolder } from '../data/data.ts';
import { bundle } from './bundled.ts';
import { ROOT } from './cli.ts';

/** Every page, and which test runs its commands. */
export const PAGES = {
  serving: ['README.md', 'CONTRIBUTING.md', 'docs/serving.md', 'docs/deploying.md', 'docs/frozen-runtime.md'],
  training: [
    'docs/anomalies.md',
    'docs/images-and-sequences.md',
    'docs/recommendations.md',
    'docs/reference/predictors.md',
    'docs/series.md',
    'docs/tables.md',
    'docs/training.md',
    'docs/tuning.md',
    'docs/vector-stores.md',
  ],
  importing: ['docs/importing.md'],
  mcp: ['docs/mcp.md'],
  jobs: ['docs/jobs.md'],
  retraining: ['docs/retraining.md'],
  production: ['docs/production.md'],
  shadow: ['docs/shadow.md'],
  embedding: ['docs/embedding.md'],
  search: ['docs/semantic-search.md'],
  packages: ['docs/your-project.md'],
} as const;

/** Where the docs say that the demo serves. */
export const DOCUMENTED_URL = 'http://127.0.0.1:8787/';

export interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

export type Output = { readonly stdout: string; readonly stderr: string };

/** How a command is tested. */
export type Check = (command: string) => Promise<void>;

export interface Reader {
  /** The project but for `artifacts`, which is empty; nothing lies next to it. */
  readonly folder: string;
  /** For what the commands are given. */
  readonly scratch: string;
  readonly sh: (command: string, env?: NodeJS.ProcessEnv) => Promise<Output>;
  /** That a command ends well. */
  readonly finishes: Check;
}

export function blocksOf(page: string): Block[] {
  const fence = /^```(\w+)\n([\s\S]*?)^```$/gm;
  const matches = readFileSync(join(ROOT, page), 'utf8').matchAll(fence);
  return [...matches].map(([, language, text]) => ({ page, language: language!, text: text!.trim() }));
}

/** What a reader has of their own. */
const OWN = ['artifacts', '.git', 'package.json'];

export function newReader(): Reader {
  const folder = join(keptFolder(), 'main');
  mkdirSync(folder);
  for (const name of readdirSync(ROOT))
    if (!OWN.includes(name)) symlinkSync(join(ROOT, name), join(folder, name));
  // npm starts the commands that are bundled already: `tsx` takes two seconds for each.
  const description = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const scripts = Object.entries(description.scripts as Record<string, string>).map(([name, script]) => [
    name,
    script.replace(/^node --import tsx scripts\/(\w+)\.ts$/, `node ${inject('commands')}/$1.mjs`),
  ]);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ ...description, scripts: Object.fromEntries(scripts) }),
  );
  const scratch = join(folder, 'artifacts', '.docs');
  mkdirSync(scratch, { recursive: true });
  const sh = (command: string, env = process.env) =>
    promisify(execFile)('bash', ['-euo', 'pipefail', '-c', command], { cwd: folder, env });
  const finishes = async (command: string) => {
    await sh(command);
  };
  return { folder, scratch, sh, finishes };
}

/** Runs each command of pages by what is said of it; one of which nothing is said fails. */
export function testCommands(
  pages: readonly string[],
  checkOf: (command: string) => Check | undefined,
): void {
  const commands = pages.flatMap(blocksOf).filter(({ language }) => language === 'sh');
  describe.each(commands)('$page: $text', ({ text }) => {
    it('works as it stands', async () => {
      const check = checkOf(text);
      expect(check, 'expected a test of this command').toBeDefined();
      await check!(text);
    });
  });
}

/** Compiles all snippets of pages, and runs each. @param url Of the demo, where one is running. */
export function testSnippets(
  pages: readonly string[],
  { scratch, sh }: Reader,
  url: () => string = () => DOCUMENTED_URL,
): void {
  const snippets = pages.flatMap(blocksOf).filter(({ language }) => language === 'ts');
  const fileOf = (index: number) => join(scratch, `snippet${index}.ts`);
  describe('snippets', () => {
    it('compile as they stand', async () => {
      for (const [index, { text }] of snippets.entries())
        writeFileSync(fileOf(index), text.replaceAll(DOCUMENTED_URL.slice(0, -1), url().slice(0, -1)));
      const config = { extends: '../../tsconfig.json', include: ['snippet*.ts', '../../edge/**/*.d.ts'] };
      writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify(config));
      await sh(`node node_modules/typescript/lib/tsc.js --noEmit -p ${scratch}`);
      const modules = snippets.map((_, index) => [`snippet${index}`, fileOf(index)] as const);
      await bundle(Object.fromEntries(modules), scratch);
    });

    it.each(snippets.map(({ page, text }, index) => [page, text, index] as const))(
      '%s: %s',
      async (_page, _text, index) => {
        const { stdout } = await sh(`node ${fileOf(index).replace(/ts$/, 'mjs')}`);
        expect(stdout.trim()).not.toBe('');
      },
    );
  });
}
