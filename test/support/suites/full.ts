/** Tests within a file that only `npm run test:full` runs; `npm test` counts them as left out. */
import { describe, inject, it } from 'vitest';

const isFull = inject('suite') === 'full';
const afterQuick = inject('afterQuick');

/** `it`, in the full suite. */
export const fullIt = it.runIf(isFull);

/** `describe`, in the full suite. */
export const fullDescribe = describe.runIf(isFull);

type Arguments<Case> = Case extends readonly unknown[] ? Case : [Case];

/** `it.each`, of which the quick suite runs the cases that are picked, and the full suite after it only the others. */
export function itEach<Case>(cases: readonly Case[], isQuick: (given: Case, index: number) => boolean) {
  const [quick, slow]: [Case[], Case[]] = [[], []];
  cases.forEach((each, index) => {
    (isQuick(each, index) ? quick : slow).push(each);
  });
  return (name: string, test: (...given: Arguments<Case>) => unknown): void => {
    const run = test as (...given: unknown[]) => Promise<void>;
    if (!afterQuick) it.each(quick)(name, run);
    fullIt.each(slow)(name, run);
  };
}
