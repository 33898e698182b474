/** Has all processes that this one starts keep the code of large modules. */
import { join } from 'node:path';

const CACHE = join(import.meta.dirname, 'codeCache.cjs');

/** For global setups: the processes of tests, and whatever these start, inherit the environment. */
export function keepCode(): void {
  const { NODE_OPTIONS = '' } = process.env;
  if (!NODE_OPTIONS.includes(CACHE))
    process.env.NODE_OPTIONS = `${NODE_OPTIONS} --require=${JSON.stringify(CACHE)}`.trim();
}
