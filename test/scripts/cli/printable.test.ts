import { expect, it } from 'vitest';
import { printable } from '../../../scripts/cli/printable.ts';

it('shows what a terminal would obey, and leaves other text as it is', () => {
  expect(printable('\0\0a\x1b[2Jb\rc\x07\x7f\x9b31m')).toBe('\\x00\\x00a\\x1b[2Jb\\x0dc\\x07\\x7f\\x9b31m');
  expect(printable('safe\u202eexe.\u2066')).toBe('safe\\u202eexe.\\u2066');
  const plain = 'in force: production 0a1b\n\tnext: naïve 日本 → "{}" 👍🏽 \\x1b';
  expect(printable(plain)).toBe(plain);
});
