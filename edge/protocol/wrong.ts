/** Saying where in a request something is wrong. */
import { ProblemError } from '../problems.ts';

export function inputOf(name: string): string {
  return `input ${JSON.stringify(name)}`;
}

/** An element of an input, by its place in every dimension. */
export function elementOf(name: string, shape: readonly number[], index: number): string {
  const place: number[] = [];
  let rest = index;
  for (const size of shape.toReversed()) {
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `${inputOf(name)}, element [${place.join(', ')}]`;
}

export function wrongShape(name: string, expected: string, received: string): ProblemError {
  const detail = `${inputOf(name)}: expected ${expected}, received ${received}.`;
  return new ProblemError('wrong-shape', { detail, expected, received });
}
