/** Deletion of logged rows by the value of a column, for instance of a customer who asks for it. */
import { didYouMean } from '../../shared/didYouMean.ts';
import { InputError } from '../../shared/errors.ts';
import {
  FEEDBACK_FOLDER,
  type LoggedLabel,
  type LoggedRow,
  rowHasher,
  rowsFolder,
} from '../../shared/loggedRows.ts';
import { listAll, type ModelBucket } from '../store/bucket.ts';
import { readObject } from './days.ts';

export interface Deletion {
  readonly model: string;
  readonly column: string;
  /** The value as text. */
  readonly value: string;
  /** The secret that hashes were made with. */
  readonly salt: string | undefined;
  /** True to count only. */
  readonly dryRun: boolean;
}

export interface Deleted {
  readonly rows: number;
  readonly labels: number;
  /** Rows of the model in which the column was left out, so that it cannot be known whose they are. */
  readonly unknown: number;
}

/**
 * Deletes the rows of a model with a value, and their labels. An object is written again without them, or deleted.
 * @throws {InputError} if no row has the column, or it is hashed and there is no salt.
 */
export async function deleteRows(
  bucket: ModelBucket,
  { model, column, value, salt, dryRun }: Deletion,
): Promise<Deleted> {
  const hash = salt === undefined ? undefined : await hashesOf(value, salt);
  const ids = new Set<string>();
  const columns = new Set<string>();
  let unknown = 0;
  const isMeant = (row: LoggedRow): boolean => {
    for (const name of Object.keys(row.features)) columns.add(name);
    if (row.leftOut?.includes(column)) unknown += 1;
    if (!Object.hasOwn(row.features, column)) return false;
    const own = (row.features as Record<string, unknown>)[column];
    if (!row.hashed?.includes(column)) return isValue(own, value);
    if (hash === undefined) throw noSalt(column);
    return hash.includes(String(own));
  };
  const rows = await removeLines<LoggedRow>(bucket, rowsFolder(model), dryRun, (row) => {
    const meant = isMeant(row);
    if (meant) ids.add(idOf(row));
    return meant;
  });
  if (!columns.has(column) && unknown === 0) {
    const known = [...columns].sort();
    throw new InputError(
      known.length === 0
        ? `no rows of ${model} are logged`
        : `--where: expected a column of ${model}, out of ${known.join(', ')}, received '${column}'${didYouMean(column, known)}`,
    );
  }
  const labels = await removeLines<LoggedLabel>(bucket, FEEDBACK_FOLDER, dryRun, (label) =>
    ids.has(idOf(label)),
  );
  return { rows, labels, unknown };
}

function noSalt(column: string): InputError {
  return new InputError(
    `--where: column '${column}' is hashed: expected the secret ROWS_SALT of the Worker in the environment`,
  );
}

/** The hashes of a value as it is written, and as a number. */
async function hashesOf(value: string, salt: string): Promise<string[]> {
  const hash = await rowHasher(salt);
  const number = Number(value);
  return Promise.all([hash(value), ...(Number.isNaN(number) ? [] : [hash(number)])]);
}

function isValue(own: unknown, value: string): boolean {
  if (own === null) return false;
  return String(own) === value || (typeof own === 'number' && own === Number(value));
}

function idOf({ request_id, row }: Pick<LoggedRow, 'request_id' | 'row'>): string {
  return `${request_id.toLowerCase()} ${row}`;
}

/** Removes lines from all objects of a folder, and returns how many. */
async function removeLines<Line>(
  bucket: ModelBucket,
  folder: string,
  dryRun: boolean,
  isMeant: (line: Line) => boolean,
): Promise<number> {
  const { keys } = await listAll(bucket, { prefix: folder });
  let removed = 0;
  for (const key of keys) {
    const lines = (await readObject(bucket, key)).split('\n').filter((line) => line !== '');
    const kept = lines.filter((line) => !isMeant(JSON.parse(line) as Line));
    removed += lines.length - kept.length;
    if (dryRun || kept.length === lines.length) continue;
    if (kept.length === 0) await bucket.delete(key);
    else await bucket.put(key, `${kept.join('\n')}\n`);
  }
  return removed;
}
