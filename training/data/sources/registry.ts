/** Registry of sources, in the order in which they are tried for a location. */
import { csv } from './csv.ts';
import { idx } from './idx.ts';
import { images } from './images.ts';
import { json } from './json.ts';
import { npy, npz } from './numpy.ts';
import { parquet } from './parquet.ts';
import type { Source } from './source.ts';
import { sql } from './sql.ts';
import { whitespace } from './whitespace.ts';

export const SOURCES = {
  sql,
  csv,
  parquet,
  json,
  whitespace,
  idx,
  npy,
  npz,
  images,
} as const satisfies Record<string, Source>;

export type SourceName = keyof typeof SOURCES;
