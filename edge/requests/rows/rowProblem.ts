import { RowError } from '../../../shared/tensor.ts';
import { ProblemError } from '../../problems.ts';
import type { RowLayout } from './layout.ts';

/**
 * Returns the problem of a row that could not be packed: `wrong-shape` for a whole row, `invalid-number` for
 * a single value, with the name of its feature.
 * @throws any other error.
 */
export function rowProblem({ nameOf }: RowLayout, cause: unknown): ProblemError {
  if (cause instanceof ProblemError) return cause;
  if (!(cause instanceof RowError)) throw cause;
  const { message, expected, received, row, column } = cause;
  if (column === undefined)
    return new ProblemError('wrong-shape', { detail: message, expected, received, row }, { cause });
  const feature = nameOf(column);
  const named = { expected, received, row, column, ...(feature !== undefined && { feature }) };
  const place = `row ${row}, column ${column} (${JSON.stringify(feature)})`;
  const detail = feature === undefined ? message : `${place}: expected ${expected}, received ${received}`;
  return new ProblemError('invalid-number', { detail, ...named }, { cause });
}
