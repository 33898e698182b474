import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { PROCESSES_VARIABLE, STARTER, starterOf } from './support/commands/bundledProcesses.ts';
import { closingLine } from './support/suites/closingLine.ts';
import { LongestFirst } from './support/suites/longestFirst.ts';
import { FULL_ONLY, type Suite } from './support/suites/suites.ts';

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

/** Models are frozen by bundles, which the global setup of these tests makes. */
const bundledProcesses: Plugin = {
  name: 'bundled processes',
  enforce: 'pre',
  load: (id) => (id === STARTER ? starterOf(`process.env.${PROCESSES_VARIABLE}`) : undefined),
};

/** Change what all files share. */
const ISOLATED = ['test/e2e/wasmMemory.slow.test.ts'];
/** Measure how long others wait: tests at the same time would have them wait, too. */
const ALONE = ['test/edge/flood.slow.test.ts'];

/** @param ran Files below this folder that need not run. */
export function configOf(suite: Suite, ran: readonly string[] = []): ViteUserConfig {
  const others = suite === 'full' ? [] : Object.keys(FULL_ONLY).map((ending) => `**/*.${ending}.test.ts`);
  const left = [...others, ...ran].map((file) => `test/${file}`);
  return {
    plugins: [texts],
    test: {
      root: new URL('..', import.meta.url).pathname,
      provide: { suite, afterQuick: ran.length > 0 },
      reporters: ['default', closingLine(suite)],
      testTimeout: 60_000,
      hookTimeout: 180_000,
      // A second would be short for a page on a busy machine.
      expect: { poll: { timeout: 20_000 } },
      setupFiles: [
        'test/support/suites/delayedWasm.ts',
        ...(suite === 'quick' ? ['test/support/suites/oneThread.ts'] : []),
      ],
      // Files share their process, whose environment a test may change for itself.
      unstubEnvs: true,
      // One more than there are cores: tests that start commands wait for them.
      maxWorkers: availableParallelism() + 1,
      sequence: { sequencer: LongestFirst },
      projects: [
        {
          extends: true,
          test: {
            name: 'unit',
            include: ['test/**/*.test.ts'],
            exclude: [...left, 'test/edge/**', 'test/e2e/**'],
            // Every file imports much of the same: once for all of them.
            isolate: false,
          },
        },
        {
          extends: true,
          plugins: [bundledProcesses],
          test: {
            name: 'edge',
            include: ['test/edge/**/*.test.ts'],
            exclude: [...left, ...ALONE],
            globalSetup: 'test/edge/globalSetup.ts',
            isolate: false,
          },
        },
        // Beside each other on a slow machine, commands take their time.
        {
          extends: true,
          test: {
            name: 'e2e',
            include: ['test/e2e/**/*.test.ts'],
            exclude: [...left, ...ISOLATED],
            globalSetup: 'test/e2e/globalSetup.ts',
            // A machine may be slow, or have other work to do.
            testTimeout: 600_000,
            hookTimeout: 600_000,
            isolate: false,
          },
        },
        {
          extends: true,
          test: {
            name: 'alone',
            include: ALONE,
            exclude: left,
            globalSetup: 'test/edge/globalSetup.ts',
            // After all others.
            sequence: { groupOrder: 1 },
          },
        },
        { extends: true, test: { name: 'isolated', include: ISOLATED, exclude: left, testTimeout: 600_000 } },
      ],
    },
  };
}

export default defineConfig(configOf('quick'));
