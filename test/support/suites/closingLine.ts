import { join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { type Ending, FULL_ONLY, FUZZED, filesLeft, type Suite } from './suites.ts';

const TESTS = join(import.meta.dirname, '../..');

/** Ends the run's output with one plain line that any CI can read, after what the quick suite left out. */
export function closingLine(suite: Suite): Reporter {
  return {
    onTestRunEnd(modules: readonly TestModule[]) {
      const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
      for (const module of modules)
        for (const test of module.children.allTests()) counts[test.result().state]++;
      const left = suite === 'full' ? '' : `${leftLine(counts.skipped)}\n`;
      process.stdout.write(`\n${left}${counts.passed} passed, ${counts.failed} failed\n`);
    },
  };
}

function leftLine(cases: number): string {
  const reasons = Object.entries(filesLeft(TESTS)).map(
    ([ending, files]) => `${files.length} files that ${FULL_ONLY[ending as Ending]}`,
  );
  return (
    `left to npm run test:full: ${reasons.join(', ')}; ${cases} more cases of the files above, and ` +
    `${FUZZED.full - FUZZED.quick} of ${FUZZED.full} fuzzed requests`
  );
}
