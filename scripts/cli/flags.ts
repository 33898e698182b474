/** Values of flags, checked where they are read. */
import { InvalidArgumentError } from 'commander';

/** A TCP port; 0 is any free one. */
export function parsePort(text: string): number {
  return wholeNumber(text, 65_535);
}

/** A seed: an integer in [0, 2^32). */
export function parseSeed(text: string): number {
  return wholeNumber(text, 2 ** 32 - 1);
}

/** A number of threads, from 1. */
export function parseThreads(text: string): number {
  return wholeNumber(text, 1024, 1);
}

function wholeNumber(text: string, max: number, min = 0): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}.`);
}
