/** Answers to requests of which some rows cannot be answered. */
import type { Answer, RowsOperation } from './operation.ts';
import type { UnansweredRows } from './rows/faults.ts';

/**
 * Returns the answer without what was made of some rows: null in the lists of its body, and NaN in its
 * float32 values.
 *
 * @example
 * const answer = partial(operation, await operation.run(model, inputs, query), faults.within(0, rowCount));
 */
export function partial(
  { each, eachToo = [] }: RowsOperation,
  answer: Answer<unknown>,
  unanswered: UnansweredRows,
): Answer<unknown> {
  const { rows } = unanswered;
  if (rows.length === 0) return answer;
  const { binary, errors } = answer;
  const faulty = new Set(rows);
  // Its values are those of the runtime's answer, which nothing else reads.
  for (const row of rows) binary?.data.fill(Number.NaN, row * binary.width, (row + 1) * binary.width);
  return {
    ...answer,
    unanswered,
    body: () => {
      const body = answer.body() as Record<string, unknown[] | undefined>;
      for (const name of [each, ...eachToo]) {
        const list = body[name];
        if (list !== undefined) for (const row of rows) list[row] = null;
      }
      return body;
    },
    ...(errors && { errors: errors.filter((_, row) => !faulty.has(row)) }),
  };
}
