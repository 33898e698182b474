import { RowError } from '../../../shared/tensor.ts';
import { ProblemError } from '../../problems.ts';

/** Converts a `RowError` to a problem: `wrong-shape` for a whole row, `invalid-number` for a single value. */
export function locating<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RowError)) throw cause;
    const { message: detail, expected, received, row, column } = cause;
    if (column === undefined)
      throw new ProblemError('wrong-shape', { detail, expected, received, row }, { cause });
    throw new ProblemError('invalid-number', { detail, expected, received, row, column }, { cause });
  }
}
