/** The operation that answers the rows of a file, and its query parameters. */
import { OPERATIONS } from '../../edge/operations/registry.ts';
import { ProblemError } from '../../edge/problems.ts';
import type { Operation, RowsOperation } from '../../edge/requests/operation.ts';
import { parseQuery } from '../../edge/requests/query.ts';
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import type { Manifest, OperationName } from '../../shared/manifest.ts';
import { keyValues } from '../cli/flags.ts';

export interface ChosenOperation {
  readonly name: OperationName;
  readonly spec: RowsOperation;
  /** Others that the model offers, and that rows alone are enough for. */
  readonly others: readonly OperationName[];
}

/** Operations on rows, in the order in which they are chosen. */
export const USUAL: readonly OperationName[] = ['score', 'predict', 'encode', 'reconstruct'];

/**
 * Returns the operation called `given`, or the most usual of those that the model offers.
 * @throws {InputError} if the model does not offer it, or offers none that answers rows.
 */
export function chosenOperation(
  { name: model, version, operations }: Manifest,
  given: string | undefined,
): ChosenOperation {
  const offered = operations.flatMap((name): Omit<ChosenOperation, 'others'>[] => {
    const spec: Operation = OPERATIONS[name];
    return spec.kind === 'rows' && spec.takes === 'rows' ? [{ name, spec }] : [];
  });
  const names = offered.map(({ name }) => name);
  if (names.length === 0) {
    const found = operations.join(', ') || 'no operations';
    throw new InputError(
      `${model}@${version}: expected an operation that answers rows, found ${found}; serve it`,
    );
  }
  const wanted = given ?? USUAL.find((name) => names.includes(name)) ?? names[0]!;
  const chosen = offered.find(({ name }) => name === wanted);
  if (chosen === undefined) {
    throw new InputError(
      `--operation ${wanted}: ${model}@${version} answers rows with ${names.join(', ')}${didYouMean(wanted, names)}`,
    );
  }
  return { ...chosen, others: names.filter((name) => name !== wanted) };
}

/**
 * Parses query parameters, each as `key=value`.
 * @throws {InputError} naming a parameter that the operation does not take, or a wrong value.
 */
export function queryOf({ query }: RowsOperation, given: readonly string[]): unknown {
  try {
    return parseQuery(query, keyValues(given));
  } catch (error) {
    if (error instanceof ProblemError)
      throw new InputError(`--query: ${error.detail}`, { cause: error.cause });
    throw error;
  }
}
