/** Answers to the rows of a chunk, by the code that answers requests. */
import { concatenated } from '../../shared/bytes.ts';
import { bytesOf } from '../../shared/tensor.ts';
import { recorded } from '../calls/recorded.ts';
import type { Service } from '../calls/service.ts';
import type { Chunk } from '../jobBindings.ts';
import { OPERATIONS } from '../operations/registry.ts';
import { ProblemError, type ProblemSlug } from '../problems.ts';
import { answeredRows, detailInFile } from '../requests/answerLines.ts';
import { type Call, invoke } from '../requests/invoke.ts';
import type { Answer, RowsOperation } from '../requests/operation.ts';
import { parseQuery } from '../requests/query.ts';
import { batchOf } from '../requests/readRows.ts';
import { maxRowsOf } from '../requests/rowLimit.ts';
import { type RowFaults, rowFaults } from '../requests/rows/faults.ts';
import type { Shared } from '../requests/running.ts';
import type { JobRecord } from './record.ts';
import { type PackRows, rowsIn } from './rowsIn.ts';

/** A line of a list of problems. */
export interface RowProblem {
  /** Number of the row in the file, from 0. */
  readonly row: number;
  readonly problem: string;
  readonly detail: string;
}

export interface ChunkAnswer {
  /** The bytes of the output for these rows, in order. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly problems: readonly RowProblem[];
}

/** Answers to some rows of a chunk; without `answer`, none has any. */
interface Answered {
  readonly rows: number;
  readonly answer?: Answer<unknown>;
  readonly problems: ReadonlyMap<number, ProblemError>;
}

const encoder = new TextEncoder();

/** Problems that pass: the same rows may be answered later. */
const PASSING: readonly ProblemSlug[] = ['overloaded', 'timed-out', 'model-unavailable'];

/** True for a problem that says nothing about the rows, so that they are to be answered later. */
export function isPassing({ slug }: ProblemError): boolean {
  return PASSING.includes(slug);
}

/**
 * Answers the rows of a chunk in batches of as many as a request may have. A row that cannot be answered does not
 * keep the others from it.
 * @throws {ProblemError} that passes, `internal-error` for a fault of the code, or of the chunk as a whole.
 */
export function answerChunk(
  service: Service,
  job: JobRecord,
  chunk: Chunk,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<ChunkAnswer> {
  return recorded(service, 'JOB', job.operation, async (shared) => {
    const { record, limits, models } = shared;
    const most = maxRowsOf(await models.find(`${job.model}@${job.version}`), limits);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const problems: RowProblem[] = [];
    let counted = 0;
    for (const { count, pack } of rowsIn(job, bytes, most)) {
      for (const answered of await answerRows(shared, callOf(job), count, pack)) {
        const start = chunk.row + counted;
        const made = written(job, start, answered);
        parts.push(made.bytes);
        for (const each of made.problems) problems.push(each);
        counted += answered.rows;
      }
    }
    record.rows = counted;
    if (counted !== chunk.rows)
      throw new Error(`chunk ${chunk.index} of ${job.id}: expected ${chunk.rows} rows, read ${counted}`);
    return { bytes: concatenated(parts), problems };
  });
}

function callOf({ model, version, operation: name, query }: JobRecord): Call {
  const operation = OPERATIONS[name];
  return {
    ...{ name, operation, model: `${model}@${version}`, routing: () => '' },
    query: parseQuery<unknown>(operation.query, query ?? {}),
  };
}

/**
 * Answers up to as many rows as a request may have. If a graph refuses them without naming a row, halves are
 * answered until the row is found.
 */
async function answerRows(
  shared: Shared,
  call: Call,
  rows: number,
  pack: PackRows,
): Promise<readonly Answered[]> {
  const faults: RowFaults = rowFaults();
  try {
    const answer = await invoke<Answer<unknown>>(shared, call, {
      rows: (operation, layout, { manifest, maxRows }) =>
        batchOf(
          operation,
          manifest,
          { inputs: pack(0, rows, layout, faults.refuse), body: undefined, faults },
          maxRows,
        ),
      body: () => Promise.reject(new Error('expected an operation on rows')),
      answer: (each) => each,
      pieces: () => Promise.reject(new Error('expected no more rows than a request may have')),
      prefersPieces: false,
    });
    return [{ rows, answer, problems: problemsOf(faults, rows) }];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (faults.count === rows) return [{ rows, problems: problemsOf(faults, rows) }];
    if (isPassing(error) || error.slug === 'internal-error') throw error;
    if (rows === 1) return [{ rows, problems: new Map([[0, error]]) }];
    const half = Math.floor(rows / 2);
    const rest: PackRows = (start, end, ...others) => pack(half + start, half + end, ...others);
    return [
      ...(await answerRows(shared, call, half, pack)),
      ...(await answerRows(shared, call, rows - half, rest)),
    ];
  }
}

function problemsOf(faults: RowFaults, rows: number): Map<number, ProblemError> {
  if (faults.count === 0) return new Map();
  const { rows: positions, problems } = faults.within(0, rows);
  return new Map(positions.map((row, i) => [row, problems[i]!]));
}

/** Returns the bytes of the output, and the problems by the numbers of the rows in the file. */
function written(job: JobRecord, start: number, { rows, answer, problems }: Answered): ChunkAnswer {
  const listed = [...problems].map(([row, problem]) => ({
    row: start + row,
    problem: problem.slug,
    detail: detailInFile(problem, row, start + row),
  }));
  if (job.answerWidth !== undefined) {
    const bytes = answer === undefined ? noAnswers(rows, job.answerWidth) : bytesOf(answer.binary!);
    return { bytes, problems: listed };
  }
  const details = new Map(listed.map(({ row, detail }) => [row - start, detail]));
  const body = (answer?.body() ?? {}) as Record<string, unknown>;
  const operation = OPERATIONS[job.operation] as RowsOperation;
  const lines = answeredRows(operation, { body, problems: details }, rows);
  const text = lines.map((line, i) => `${JSON.stringify({ row: start + i, ...line })}\n`).join('');
  return { bytes: encoder.encode(text), problems: listed };
}

function noAnswers(rows: number, width: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Float32Array(rows * width).fill(Number.NaN).buffer);
}

/** Returns what a chunk is answered with that cannot be answered at all. */
export function unansweredChunk(
  job: JobRecord,
  { row: start, rows }: Chunk,
  problem: ProblemError,
): ChunkAnswer {
  return written(job, start, {
    rows,
    problems: new Map(Array.from({ length: rows }, (_, i) => [i, problem])),
  });
}
