import { existsSync } from 'node:fs';
import { filesTable } from '../duckdb/files.ts';
import { sqlList } from '../duckdb/literals.ts';
import { hasByteOrderMark, withChangedText } from '../localCopy.ts';
import type { Table } from '../table.ts';
import type { TableReadOptions, TableSource } from './source.ts';

/** An array of objects, or one object per line. */
export const json: TableSource = {
  kind: 'table',
  summary: 'JSON files of objects (.json, .jsonl, .ndjson, also .gz and .zst)',
  recognises: (location) => /\.(json|jsonl|ndjson)(\.gz|\.zst)?$/i.test(location),
  read: async (location, options) => {
    // Windows editors write a byte order mark, which DuckDB would read as part of the first value.
    if (!existsSync(location) || !(await hasByteOrderMark(location))) return readJson(location, options);
    const table = await withChangedText(location, withoutMark, (copy) => readJson(copy, options));
    return { ...table, source: location };
  },
};

function readJson(location: string, options: TableReadOptions): Promise<Table> {
  return filesTable(
    location,
    options,
    (_, files) => `SELECT * FROM read_json(${sqlList(files)}, sample_size = -1)`,
  );
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '');
}
