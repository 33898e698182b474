import { RowError } from '../../../shared/tensor.ts';
import { ProblemError } from '../../problems.ts';

/** Reports a `RowError` as the problem it is: a whole row is wrong in shape, a value in a row is a wrong value. */
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
