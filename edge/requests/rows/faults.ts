/** Rows of a request that cannot be answered, each with a problem of its own; the others are answered. */
import type { ProblemError } from '../../problems.ts';

/** Problems that are kept: a request may have many more rows, and each problem takes some hundred bytes. */
export const MAX_PROBLEMS = 1024;

/** Hears the problem of a row, or throws it. */
export type RefuseRow = (row: number, problem: ProblemError) => void;

/** Refuses the whole request, for inputs that make sense only together. */
export const refuseAll: RefuseRow = (_, problem) => {
  throw problem;
};

/** Some rows without an answer. */
export interface UnansweredRows {
  /** Their positions, ascending, from the start of what was asked for. */
  readonly rows: readonly number[];
  /** Their problems, as far as these are kept. */
  readonly problems: readonly ProblemError[];
}

export interface RowFaults {
  /** The number of rows that cannot be answered. */
  readonly count: number;
  /** Records the problem of a row; its first one counts. */
  readonly refuse: RefuseRow;
  has(row: number): boolean;
  /** Returns the rows from `start` up to `end` that cannot be answered. */
  within(start: number, end: number): UnansweredRows;
  /** @throws {ProblemError} the first problem, if none of `rowCount` rows can be answered. */
  assertAny(rowCount: number): void;
}

/** Creates the faults of one request: none so far. */
export function rowFaults(): RowFaults {
  /** Few requests have any, so that nothing is made before the first one. */
  let problems: Map<number, ProblemError | undefined> | undefined;
  const faults: RowFaults = {
    count: 0,
    refuse: (row, problem) => {
      problems ??= new Map();
      if (problems.has(row)) return;
      problems.set(row, problems.size < MAX_PROBLEMS ? problem : undefined);
      (faults as { count: number }).count = problems.size;
    },
    has: (row) => problems?.has(row) === true,
    within: (start, end) => {
      const known = problems;
      if (known === undefined) return NONE;
      const rows = Array.from({ length: end - start }, (_, i) => start + i).filter((row) => known.has(row));
      return {
        rows: rows.map((row) => row - start),
        problems: rows.flatMap((row) => known.get(row) ?? []),
      };
    },
    assertAny: (rowCount) => {
      const first = problems?.values().next().value;
      if (faults.count === rowCount && first !== undefined) throw first;
    },
  };
  return faults;
}

const NONE: UnansweredRows = { rows: [], problems: [] };
