import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { closingLine } from './support/closingLine.ts';

/** End-to-end tests that write into folders of their own, so that they may run beside others. */
const COMMANDS = ['experiments', 'report', 'resume', 'tabular', 'train'].map(
  (name) => `test/e2e/${name}.test.ts`,
);

/** Vitest leaves one core idle by default. */
const EVERY_CORE = { maxWorkers: availableParallelism(), sequence: { groupOrder: 0 } };

export default defineConfig({
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
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: 'commands', include: COMMANDS, ...EVERY_CORE } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: COMMANDS,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
