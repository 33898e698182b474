import { RowError } from '../../../shared/tensor.ts';
import { ProblemError } from '../../problems.ts';
import type { RowLayout } from './layout.ts';

/**
 * Converts a `RowError` to a problem: `wrong-shape` for a whole row, `invalid-number` for a single value, with the name of
 * its feature.
 */
export function locating<Result>({ nameOf }: RowLayout, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RowError)) throw cause;
    const { message, expected, received, row, column } = cause;
    if (column === undefined)
      throw new ProblemError('wrong-shape', { detail: message, expected, received, row }, { cause });
    const feature = nameOf(column);
    const named = { expected, received, row, column, ...(feature !== undefined && { feature }) };
    const place = `row ${row}, column ${column} (${JSON.stringify(feature)})`;
    const detail = feature === undefined ? message : `${place}: expected ${expected}, received ${received}`;
    throw new ProblemError('invalid-number', { detail, ...named }, { cause });
  }
}
