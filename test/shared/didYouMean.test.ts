import { expect, it } from 'vitest';
import { didYouMean } from '../../shared/didYouMean.ts';

const KNOWN = ['anomaly', 'rain', 'digits', 'epochs', 'codeSize'];

it.each([
  ['anomoly', 'anomaly'],
  ['ran', 'rain'],
  ['epoch', 'epochs'],
  ['codesize', 'codeSize'],
  ['idgits', 'digits'],
])('%s: %s', (received, expected) => {
  expect(didYouMean(received, KNOWN)).toBe(`; did you mean '${expected}'?`);
});

it.each(['xyz', 'movies', ''])('%s: no suggestion', (received) => {
  expect(didYouMean(received, KNOWN)).toBe('');
});
