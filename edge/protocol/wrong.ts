/** Locations in a request, for messages. */
import { ProblemError } from '../problems.ts';

/** Names an input. */
export function inputOf(name: string): string {
  return `input ${JSON.stringify(name)}`;
}

/** Names an element of an input, by its index in every dimension. */
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
