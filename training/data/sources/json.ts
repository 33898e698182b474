import { filesTable } from '../duckdb/files.ts';
import { sqlList } from '../duckdb/literals.ts';
import type { TableSource } from './source.ts';

/** An array of objects, or one object per line. */
export const json: TableSource = {
  kind: 'table',
  summary: 'JSON files of objects (.json, .jsonl, .ndjson, also gzipped)',
  recognises: (location) => /\.(json|jsonl|ndjson)(\.gz)?$/i.test(location),
  read: (location, options) =>
    filesTable(
      location,
      options,
      (_, files) => `SELECT * FROM read_json(${sqlList(files)}, sample_size = -1)`,
    ),
};
