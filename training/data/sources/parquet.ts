import { filesTable, isRemote } from '../duckdb/files.ts';
import { sqlList } from '../duckdb/literals.ts';
import type { TableSource } from './source.ts';

/** https://parquet.apache.org */
export const parquet: TableSource = {
  kind: 'table',
  summary: 'Parquet files (.parquet)',
  recognises: (location) => /\.parquet$/i.test(location),
  read: (location, options) =>
    filesTable(location, options, (_, files) => ({
      sql: `SELECT * FROM read_parquet(${sqlList(files)})`,
      isRepeatable: !files.some(isRemote),
    })),
};
