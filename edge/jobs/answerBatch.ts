/** Answers to a batch of rows, or to a body, as requests get them. */
import { ProblemError, type ProblemSlug } from '../problems.ts';
import { type Call, type Door, invoke } from '../requests/invoke.ts';
import type { Answer, BodyOperation } from '../requests/operation.ts';
import { parseBody } from '../requests/parseBody.ts';
import { batchOf } from '../requests/readRows.ts';
import { type RowFaults, rowFaults } from '../requests/rows/faults.ts';
import type { Shared } from '../requests/running.ts';
import type { PackRows } from './rowsIn.ts';

/** Answers to some rows of a chunk; without `answer`, none has any. */
export interface Answered {
  readonly rows: number;
  readonly answer?: Answer<unknown>;
  readonly problems: ReadonlyMap<number, ProblemError>;
}

/** Problems that pass: the same rows may be answered later. */
const PASSING: readonly ProblemSlug[] = ['overloaded', 'timed-out', 'model-unavailable'];

/** True for a problem that says nothing about the rows, so that they are to be answered later. */
export function isPassing({ slug }: ProblemError): boolean {
  return PASSING.includes(slug);
}

/** True for a problem of the rows themselves, which will not pass. */
export function isOfRows(problem: ProblemError): boolean {
  return !isPassing(problem) && problem.slug !== 'internal-error';
}

function unexpected(what: string): never {
  throw new Error(`expected ${what}`);
}

/** The part that a batch and a body share. */
const DOOR: Door<Answer<unknown>> = {
  rows: () => unexpected('an operation on a body'),
  body: () => unexpected('an operation on rows'),
  answer: (answer) => answer,
  pieces: () => unexpected('no more rows than a request may have'),
  prefersPieces: false,
};

/**
 * Answers up to as many rows as a request may have. If a graph refuses them without naming a row, halves are
 * answered until the row is found.
 */
export async function answerRows(
  shared: Shared,
  call: Call,
  rows: number,
  pack: PackRows,
): Promise<readonly Answered[]> {
  const faults: RowFaults = rowFaults();
  try {
    const answer = await invoke<Answer<unknown>>(shared, call, {
      ...DOOR,
      rows: (operation, layout, { manifest, maxRows }) =>
        batchOf(
          operation,
          manifest,
          { inputs: pack(0, rows, layout, faults.refuse), body: undefined, faults },
          maxRows,
        ),
    });
    return [{ rows, answer, problems: problemsOf(faults, rows) }];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (faults.count === rows) return [{ rows, problems: problemsOf(faults, rows) }];
    if (!isOfRows(error)) throw error;
    if (rows === 1) return [{ rows, problems: new Map([[0, error]]) }];
    const half = Math.floor(rows / 2);
    const rest: PackRows = (start, end, ...others) => pack(half + start, half + end, ...others);
    return [
      ...(await answerRows(shared, call, half, pack)),
      ...(await answerRows(shared, call, rows - half, rest)),
    ];
  }
}

/** Answers a line that is the body of a request. */
export async function answerBody(
  shared: Shared,
  call: Call,
  line: Uint8Array<ArrayBuffer>,
): Promise<Answered> {
  try {
    const door = { ...DOOR, body: ({ body }: BodyOperation) => parseBody(body, line) };
    return { rows: 1, answer: await invoke<Answer<unknown>>(shared, call, door), problems: new Map() };
  } catch (error) {
    if (!(error instanceof ProblemError) || !isOfRows(error)) throw error;
    return { rows: 1, problems: new Map([[0, error]]) };
  }
}

function problemsOf(faults: RowFaults, rows: number): Map<number, ProblemError> {
  if (faults.count === 0) return new Map();
  const { rows: positions, problems } = faults.within(0, rows);
  return new Map(positions.map((row, i) => [row, problems[i]!]));
}
