/** The rows of a chunk, a batch at a time. */
import type { Tensors } from '../../shared/tensor.ts';
import { packFloatRows } from '../requests/rows/binary.ts';
import type { RefuseRow } from '../requests/rows/faults.ts';
import type { RowLayout } from '../requests/rows/layout.ts';
import { packCsvLines, packJsonLines } from './packLines.ts';
import type { JobRecord } from './record.ts';
import { rowScan, type TextFormat } from './rowScan.ts';

/** Packs the rows from `start` up to `end` of a batch. `refuse` hears of rows by their position after `start`. */
export type PackRows = (start: number, end: number, layout: RowLayout, refuse: RefuseRow) => Tensors;

export interface RowBatch {
  readonly count: number;
  readonly pack: PackRows;
  /** The lines of a file of text. */
  readonly lines: readonly Uint8Array<ArrayBuffer>[];
}

type JobRows = Pick<JobRecord, 'format' | 'columns' | 'rowBytes'>;

/** Returns the rows of a chunk in batches of up to `most`. */
export function* rowsIn(job: JobRows, bytes: Uint8Array<ArrayBuffer>, most: number): Generator<RowBatch> {
  const { format, columns, rowBytes } = job;
  if (format === 'float32') {
    const size = most * rowBytes!;
    for (let at = 0; at < bytes.length; at += size)
      yield floatBatch(bytes.subarray(at, at + size), rowBytes!);
    return;
  }
  const lines = linesIn(format, bytes);
  for (let first = 0; first < lines.length; first += most) {
    const own = lines.slice(first, first + most);
    const pack: PackRows = (start, end, layout, refuse) =>
      format === 'csv'
        ? packCsvLines(own.slice(start, end), layout, columns!, refuse)
        : packJsonLines(own.slice(start, end), layout, refuse);
    yield { count: own.length, pack, lines: own };
  }
}

function floatBatch(bytes: Uint8Array<ArrayBuffer>, rowBytes: number): RowBatch {
  const pack: PackRows = (start, end, layout, refuse) =>
    packFloatRows(new Float32Array(bytes.slice(start * rowBytes, end * rowBytes).buffer), layout, refuse);
  return { count: bytes.length / rowBytes, pack, lines: [] };
}

/** Returns the bytes of each row; the last one may lack its line feed. */
function linesIn(format: TextFormat, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const scan = rowScan(format);
  const lines: Uint8Array<ArrayBuffer>[] = [];
  let start = 0;
  scan.read(bytes, (end) => {
    lines.push(bytes.subarray(start, end));
    start = end;
  });
  if (scan.isWithinRow) lines.push(bytes.subarray(start));
  return lines;
}
