/** The two suites, and what `npm test` leaves to `npm run test:full`: by the ending of a file's name before `.test.ts`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `npm test` is what runs on any machine in minutes; `npm run test:full` is everything. */
export type Suite = 'quick' | 'full';

declare module 'vitest' {
  export interface ProvidedContext {
    suite: Suite;
    /** True if the quick suite has just passed on the same commit. */
    afterQuick: boolean;
  }
}

/** Requests that `test/edge/fuzz.test.ts` makes up. */
export const FUZZED: Readonly<Record<Suite, number>> = { quick: 300, full: 10_000 };

/** Why the tests of such a file are not for every machine and every change. */
export const FULL_ONLY = {
  data: 'read published data',
  browser: 'need Chromium',
  slow: 'take minutes',
} as const;

export type Ending = keyof typeof FULL_ONLY;

/** Files under `folder` with each ending. */
export function filesLeft(folder: string): Record<Ending, string[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const ending = (name: Ending) => files.filter((file) => file.endsWith(`.${name}.test.ts`));
  return { data: ending('data'), browser: ending('browser'), slow: ending('slow') };
}

/** A file that has more cases in the full suite imports one of these. */
const HAS_MORE = /suites\/(full|suites)\.ts'|inject\('suite'\)/;

/** Files under `folder` that `npm test` runs whole, so that the full suite adds nothing to them. */
export function filesOfQuick(folder: string): string[] {
  const left = new Set(Object.values(filesLeft(folder)).flat());
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.test.ts') &&
      !left.has(file) &&
      !HAS_MORE.test(readFileSync(join(folder, file), 'utf8')),
  );
}
