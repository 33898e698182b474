/** Files of results: written line by line next to the file, which is complete or absent. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { explaining, withDatabase } from '../../training/data/duckdb/database.ts';
import { flushDirectory } from '../../training/files.ts';
import { onStopSignal, STOP_CODES } from '../cli/signals.ts';
import { flattened, type Line } from './lines.ts';

interface Format {
  /** For people. */
  readonly description: string;
  /** What DuckDB writes the file as; undefined for lines of JSON as they are. */
  readonly copy?: string;
  readonly line: (line: Line) => Line;
}

const asItIs = (line: Line) => line;
const JSON_LINES = 'one JSON object per line';

/** By the ending of the file. */
const FORMATS: Readonly<Record<string, Format>> = {
  '.ndjson': { description: JSON_LINES, line: asItIs },
  '.jsonl': { description: JSON_LINES, line: asItIs },
  '.csv': {
    description: 'CSV with a header, separated by commas, with decimal points',
    copy: 'FORMAT csv, HEADER',
    line: flattened,
  },
  '.parquet': { description: 'Parquet', copy: 'FORMAT parquet', line: asItIs },
};

/** MiB that DuckDB may hold, and bytes for each of the longest line, which its buffers are made for. */
const MEMORY = { base: 64, perLine: 16 } as const;
/** Bytes of the longest line that the buffers are made for at least. */
const LINE_BYTES = 2 ** 20;

/** A file that is complete. */
export interface Written {
  /** The format, for people. */
  readonly format: string;
  /** The names of its columns, or of the members of its lines. */
  readonly columns: readonly string[];
}

export interface Output {
  readonly write: (lines: readonly Line[]) => Promise<void>;
  /** Completes the file. */
  readonly finish: () => Promise<Written>;
  /** Removes what is incomplete; nothing after `finish`. */
  readonly discard: () => Promise<void>;
}

/** @throws {InputError} for another ending. */
export function assertFormat(path: string): void {
  if (Object.hasOwn(FORMATS, extname(path))) return;
  throw new InputError(`--out ${path}: expected a file that ends in ${Object.keys(FORMATS).join(', ')}`);
}

/** @param path Of a file whose ending is known. */
export function output(path: string): Output {
  const { description, copy, line } = FORMATS[extname(path)]!;
  const columns = new Set<string>();
  let longest = 0;
  const lines = `${path}.${process.pid}.partial`;
  const made = `${lines}.made`;
  const file = createWriteStream(lines);
  const failed = new Promise<never>((_, reject) => file.once('error', reject));
  failed.catch(() => undefined); // heard by whoever writes next
  const discard = async () => {
    file.destroy();
    for (const partial of [lines, made]) await rm(partial, { force: true });
  };
  const forget = onStopSignal((signal) => {
    process.stderr.write(`interrupted: ${path} was not written\n`);
    void discard().finally(() => process.exit(STOP_CODES[signal]));
  });
  return {
    write: async (rows) => {
      const written = rows.map(line);
      for (const each of written) for (const name of Object.keys(each)) columns.add(name);
      const texts = written.map((each) => `${JSON.stringify(each)}\n`);
      for (const text of texts) longest = Math.max(longest, Buffer.byteLength(text));
      const text = texts.join('');
      if (!file.write(text)) await Promise.race([once(file, 'drain'), failed]);
    },
    finish: async () => {
      file.end();
      await Promise.race([once(file, 'finish'), failed]);
      if (copy !== undefined) await converted(lines, longest, made, copy);
      const complete = copy === undefined ? lines : made;
      const handle = await open(complete, 'r');
      await handle.sync().finally(() => handle.close());
      await rename(complete, path);
      await flushDirectory(dirname(path));
      forget();
      await discard();
      return { format: description, columns: [...columns] };
    },
    discard: async () => {
      forget();
      await discard();
    },
  };
}

/** @param longest Bytes of the longest line. */
async function converted(lines: string, longest: number, to: string, format: string): Promise<void> {
  const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;
  await withDatabase((connection) =>
    explaining(to, async () => {
      // Rows are copied as they are read, which takes little; without a limit, DuckDB takes most of the memory there is.
      const bytes = Math.max(LINE_BYTES, longest);
      const mebibytes = MEMORY.base + Math.ceil((MEMORY.perLine * bytes) / 2 ** 20);
      await connection.run(`SET memory_limit = '${mebibytes}MiB'`);
      // Of several threads, each has buffers of its own, and holds what it has read until those before it have written.
      await connection.run('SET threads = 1');
      // All lines are looked at for the types of the columns: a problem may be the last one.
      const read = `read_ndjson_auto(${quoted(lines)}, sample_size = -1, maximum_object_size = ${bytes})`;
      const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${read}`);
      // A column of numbers and texts is read as JSON, whose texts have quotes.
      const mixed = described
        .getRowObjects()
        .filter(({ column_type: type }) => type === 'JSON')
        .map(({ column_name: name }) => `"${`${name}`.replaceAll('"', '""')}"`);
      const plain = mixed.map((name) => `${name} ->> '$' AS ${name}`);
      const all = mixed.length === 0 ? '*' : `* REPLACE (${plain.join(', ')})`;
      await connection.run(`COPY (SELECT ${all} FROM ${read}) TO ${quoted(to)} (${format})`);
    }),
  );
}
