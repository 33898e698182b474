import { filesTable } from '../duckdb/files.ts';
import { list } from '../duckdb/literals.ts';
import type { TableSource } from './source.ts';

/** An array of objects, or one object a line. */
export const json: TableSource = {
  kind: 'table',
  what: 'JSON files of objects (.json, .jsonl, .ndjson, also gzipped)',
  recognises: (location) => /\.(json|jsonl|ndjson)(\.gz)?$/i.test(location),
  read: (location, options) =>
    filesTable(location, options, (_, files) => `SELECT * FROM read_json(${list(files)}, sample_size = -1)`),
};
