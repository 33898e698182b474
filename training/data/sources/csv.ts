import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { InputError } from '../../../shared/errors.ts';
import { MISSING } from '../../../shared/missingMarks.ts';
import type { SniffSample } from '../duckdb/dialect.ts';
import { filesTable, isRemote } from '../duckdb/files.ts';
import { stagedRows } from '../duckdb/stagedRows.ts';
import { writtenMarks } from '../duckdb/writtenCells.ts';
import { withChangedText } from '../localCopy.ts';
import type { DecimalMark } from '../numberText.ts';
import type { Column, ColumnNote, Table } from '../table.ts';
import { ambiguityNote, missingNote } from '../text.ts';
import { ALL, selectionOf, type Written } from './csvSelection.ts';
import { idsAmong, type TableReadOptions, type TableSource } from './source.ts';

/** DuckDB's default sample: enough for almost every file, in a third of the time. */
const FIRST: SniffSample = { rows: 20_480, quote: '"' };

/** Values separated by commas, tabs, semicolons or bars; delimiter, quotes and header are detected. */
export const csv: TableSource = {
  kind: 'table',
  summary: 'CSV and TSV files (.csv, .tsv, also .gz and .zst)',
  recognises: (location) => /\.(csv|tsv)(\.gz|\.zst)?$/i.test(location),
  read: async (location, options) => {
    try {
      return await readSampled(location, options, FIRST);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // A later row may not match the sample. With all rows sampled, a remaining error is in the file.
      try {
        return await readSampled(location, options, ALL);
      } catch (again) {
        if (!(again instanceof InputError) || !(await hasMixedLineEnds(location))) throw again;
        const read = (copy: string) => readSampled(copy, options, ALL);
        return { ...(await withChangedText(location, withOneLineEnd, read)), source: location };
      }
    }
  },
};

/**
 * Returns true for an uncompressed file in which some lines end with CR LF, and others with LF or CR alone.
 */
async function hasMixedLineEnds(location: string): Promise<boolean> {
  if (/\.(gz|zst)$/i.test(location) || !existsSync(location)) return false;
  const ends = new Set((await readFile(location, 'utf8')).match(/\r\n|\r|\n/g));
  return ends.size > 1;
}

function withOneLineEnd(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

const NO_MARKS: ReadonlySet<string> = new Set();

function readSampled(location: string, options: TableReadOptions, sample: SniffSample): Promise<Table> {
  const written = new Map<string, Written>();
  /** Marks for missing values that DuckDB has replaced, by column. */
  const marks = new Map<string, ReadonlySet<string>>();
  let decimal: DecimalMark | undefined;
  const table = filesTable(location, { ...options, untyped: true }, async (connection, files) => {
    const { sql, dialects, ...read } = await selectionOf(connection, files, options, sample, written);
    decimal = read.decimal;
    const names = dialects[0]!.columns.map(({ name }) => name);
    const staged = await stagedRows(connection, sql, names, options.rows);
    const { missing = MISSING } = options;
    for (const [i, file] of files.entries()) {
      if (isRemote(file)) continue;
      const found = await writtenMarks(connection, file, dialects[i]!, { missing, among: staged.gaps });
      for (const [name, own] of found) marks.set(name, new Set([...(marks.get(name) ?? []), ...own]));
    }
    return {
      sql: staged.sql,
      isRepeatable: staged.isKept,
      ...(staged.memory && { memory: staged.memory }),
      ...read,
    };
  });
  return table.then((read) => {
    const ids = idsAmong(
      read.columns.map(({ name }) => name),
      options.ids,
    );
    const columns = read.columns.map((column) =>
      ids.has(column.name)
        ? column
        : noted(column, decimal, { ...written.get(column.name), marks: marks.get(column.name) ?? NO_MARKS }),
    );
    return { ...read, columns };
  });
}

/** Adds notes on what DuckDB has decided about a column. */
function noted(
  column: Column,
  decimal: DecimalMark | undefined,
  { marks, point, date }: Written & { readonly marks: ReadonlySet<string> },
): Column {
  const own = column.notes ?? [];
  const has = (kind: ColumnNote['kind']) => own.some((note) => note.kind === kind);
  const isPointed = point !== undefined && column.type === 'number' && decimal === undefined;
  const notes: ColumnNote[] = [
    ...own,
    ...(isPointed && !has('decimal point') ? [ambiguityNote('.', point, Number(point))] : []),
    ...(date !== undefined && column.type === 'date' && !has('date')
      ? [{ kind: 'date' as const, text: `dates, read as ${date}` }]
      : []),
    ...(has('missing') ? [] : missingNote(marks)),
  ];
  return notes.length === 0 ? column : { ...column, notes };
}
