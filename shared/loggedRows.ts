/** Rows and labels that a Worker keeps for training: the lines of NDJSON in its bucket `ROWS`, and their keys. */
import * as z from 'zod';
import { ModelName, ModelVersion, OperationName } from './manifest.ts';

/** The value of a feature; a hashed one is text. */
const LoggedValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);

/** A row that was answered. */
export const LoggedRow = z.strictObject({
  kind: z.literal('row'),
  /** Time of the answer, in ISO 8601. */
  time: z.iso.datetime(),
  /** The id of the request, its `X-Request-Id`. */
  request_id: z.string(),
  /** The position of the row in its request, from 0. */
  row: z.number().int().nonnegative(),
  model: ModelName,
  version: ModelVersion,
  operation: OperationName,
  /** Values by feature name, or in order for a model whose features have no names. */
  features: z.union([z.record(z.string(), LoggedValue), z.array(LoggedValue)]),
  /** Features that are not there. */
  leftOut: z.array(z.string()).optional(),
  /** Features of which only a hash is there. */
  hashed: z.array(z.string()).optional(),
  /** Members of the answer, by their names in `edge/requests/loggedRows.ts`. */
  answer: z.record(z.string(), z.unknown()),
});

export type LoggedRow = z.infer<typeof LoggedRow>;

/** A label of a row that was answered before. */
export const LoggedLabel = z.strictObject({
  kind: z.literal('label'),
  /** Time at which the label came, in ISO 8601. */
  time: z.iso.datetime(),
  request_id: z.string(),
  row: z.number().int().nonnegative(),
  label: z.union([z.number(), z.string(), z.boolean()]),
});

export type LoggedLabel = z.infer<typeof LoggedLabel>;

/** A request with this header and the value `no` is not logged, for instance one that tests the Worker. */
export const LOG_HEADER = 'X-Log-Rows';

/** The folder of the rows of a model. */
export function rowsFolder(model: string): string {
  return `rows/${model}/`;
}

/** The folder of labels, of all models: a label names only its request. */
export const FEEDBACK_FOLDER = 'feedback/';

/** Returns the UTC day of an ISO time, for instance `2026-11-30`. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}

/** Returns the folder of the day of a row or label. */
export function partitionOf(record: LoggedRow | LoggedLabel): string {
  const folder = record.kind === 'row' ? rowsFolder(record.model) : FEEDBACK_FOLDER;
  return `${folder}${dayOf(record.time)}/`;
}

/**
 * Returns the function that makes the hash of a value that stands for it in logged rows: HMAC-SHA-256 of the value as text, in hex. Without the
 * salt, it can neither be undone nor found by trying values; equal values have equal hashes.
 */
export async function rowHasher(
  salt: string,
): Promise<(value: string | number | boolean) => Promise<string>> {
  const bytes = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes.encode(salt), algorithm, false, ['sign']);
  return async (value) => {
    const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(String(value))));
    return Array.from(signature, (byte) => byte.toString(16).padStart(2, '0')).join('');
  };
}
