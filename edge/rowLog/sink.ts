/** Where logged rows and labels go: an R2 bucket, or a Cloudflare Pipeline. */
import { type LoggedLabel, type LoggedRow, partitionOf } from '../../shared/loggedRows.ts';

/** https://developers.cloudflare.com/r2/api/workers/workers-api-reference/ */
interface RowsBucket {
  put(key: string, value: string): Promise<unknown>;
}

/** https://developers.cloudflare.com/pipelines/ */
interface RowsPipeline {
  send(records: object[]): Promise<unknown>;
}

/** The binding `ROWS` of wrangler.toml. */
export type RowsBinding = RowsBucket | RowsPipeline;

export type Logged = LoggedRow | LoggedLabel;

/** A row or a label as a line of JSON, without its end. */
export interface LoggedLine {
  /** The folder of its day. */
  readonly partition: string;
  readonly text: string;
}

export function lineOf(record: Logged): LoggedLine {
  return { partition: partitionOf(record), text: JSON.stringify(record) };
}

/**
 * Writes lines: to a bucket an object of NDJSON for each folder of a day, to a Pipeline as records. Rejects if not all
 * of them are written.
 */
export async function writeLines(binding: RowsBinding, lines: readonly LoggedLine[]): Promise<void> {
  // A Pipeline may be a stub, on which any method seems to exist; a bucket has no `send`.
  if ('send' in binding && typeof binding.send === 'function') {
    await binding.send(lines.map(({ text }) => JSON.parse(text)));
    return;
  }
  const partitions = new Map<string, string>();
  for (const { partition, text } of lines)
    partitions.set(partition, `${partitions.get(partition) ?? ''}${text}\n`);
  const time = new Date().toISOString().replaceAll(/[^0-9TZ]/g, '');
  await Promise.all(
    [...partitions].map(([partition, text]) => {
      const key = `${partition}${time}-${crypto.randomUUID().slice(0, 8)}.ndjson`;
      return (binding as RowsBucket).put(key, text);
    }),
  );
}
