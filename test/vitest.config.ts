import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { closingLine } from './support/closingLine.ts';

/** End-to-end tests that write into folders of their own, so that they may run beside others. */
const COMMANDS = ['anomaly', 'bench', 'digits', 'experiments', 'report', 'resume', 'tabular', 'train'].map(
  (name) => `test/e2e/${name}.test.ts`,
);

/** Vitest leaves one core idle by default. */
const EVERY_CORE = { maxWorkers: availableParallelism(), sequence: { groupOrder: 0 } };

/** Files that wrangler.toml uploads as text. */
const TEXT = /\.(html|css|page\.js)$/;
/** Rollup's sign for what is no file, followed by what the file is read for. */
const PREFIX = '\0text:';

/** Reads them as wrangler does. The module has another name than its file, so that nothing takes it for CSS or JavaScript. */
const texts: Plugin = {
  name: 'texts',
  enforce: 'pre',
  resolveId: (source, importer) =>
    importer !== undefined && TEXT.test(source)
      ? `${PREFIX}${resolve(dirname(importer), source)}.text`
      : undefined,
  load: async (id) => {
    if (!id.startsWith(PREFIX)) return undefined;
    const file = id.slice(PREFIX.length, -'.text'.length);
    return `export default ${JSON.stringify(await readFile(file, 'utf8'))}`;
  },
};

export default defineConfig({
  plugins: [texts],
  test: {
    root: new URL('..', import.meta.url).pathname,
    reporters: ['default', closingLine],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/edge/**', 'test/e2e/**'],
          ...EVERY_CORE,
        },
      },
      {
        extends: true,
        test: {
          name: 'edge',
          include: ['test/edge/**/*.test.ts'],
          globalSetup: 'test/edge/globalSetup.ts',
          // Every file imports Wrangler and Miniflare: once for all of them.
          isolate: false,
          ...EVERY_CORE,
        },
      },
      // Beside each other on a slow machine, commands take their time.
      { extends: true, test: { name: 'commands', include: COMMANDS, testTimeout: 180_000, ...EVERY_CORE } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: COMMANDS,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
