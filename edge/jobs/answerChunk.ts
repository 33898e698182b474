/** Answers to the rows of a chunk, by the code that answers requests. */
import { concatenated } from '../../shared/bytes.ts';
import { bytesOf } from '../../shared/tensor.ts';
import { recorded } from '../calls/recorded.ts';
import type { Service } from '../calls/service.ts';
import type { Chunk } from '../jobBindings.ts';
import { OPERATIONS } from '../operations/registry.ts';
import type { ProblemError } from '../problems.ts';
import { answeredRows, detailInFile } from '../requests/answerLines.ts';
import type { Call } from '../requests/invoke.ts';
import type { Operation, RowsOperation } from '../requests/operation.ts';
import { parseQuery } from '../requests/query.ts';
import { maxRowsOf } from '../requests/rowLimit.ts';
import { MAX_PROBLEMS } from '../requests/rows/faults.ts';
import type { Shared } from '../requests/running.ts';
import { type Answered, answerBody, answerRows } from './answerBatch.ts';
import type { JobRecord } from './record.ts';
import { type RowBatch, rowsIn } from './rowsIn.ts';

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

const encoder = new TextEncoder();
/** Bodies that are answered in one task: each may take as long as a batch of rows. */
const BODIES = 32;

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
    const manifest = await models.find(`${job.model}@${job.version}`);
    const call = callOf(job);
    // The problems of more rows would not be kept.
    const most =
      call.operation.kind === 'body' ? BODIES : Math.min(MAX_PROBLEMS, maxRowsOf(manifest, limits));
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const problems: RowProblem[] = [];
    let counted = 0;
    for (const batch of rowsIn(job, bytes, most)) {
      for await (const answered of answersTo(shared, call, batch)) {
        const start = chunk.row + counted;
        const made = written(job, start, answered);
        parts.push(made.bytes);
        for (const each of made.problems) problems.push(each);
        counted += answered.rows;
      }
      await otherTasks();
    }
    record.rows = counted;
    if (counted !== chunk.rows)
      throw new Error(`chunk ${chunk.index} of ${job.id}: expected ${chunk.rows} rows, read ${counted}`);
    return { bytes: concatenated(parts), problems };
  });
}

/** Lets requests that wait for this isolate go first. */
function otherTasks(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

async function* answersTo(
  shared: Shared,
  call: Call,
  { count, pack, lines }: RowBatch,
): AsyncGenerator<Answered> {
  if (call.operation.kind === 'rows') yield* await answerRows(shared, call, count, pack);
  else for (const line of lines) yield await answerBody(shared, call, line);
}

function callOf({ model, version, operation: name, query }: JobRecord): Call {
  const operation = OPERATIONS[name];
  return {
    ...{ name, operation, model: `${model}@${version}`, routing: () => '' },
    query: parseQuery<unknown>(operation.query, query ?? {}),
  };
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
  const operation: Operation = OPERATIONS[job.operation];
  const lines =
    operation.kind === 'body' && answer !== undefined
      ? [body]
      : answeredRows(
          operation as RowsOperation,
          { body, problems: details, unseen: answer?.unseen ?? [] },
          rows,
        );
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
