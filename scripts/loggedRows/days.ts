/** Objects of logged rows and labels in their bucket, by day. */
import { InputError } from '../../shared/errors.ts';
import { FEEDBACK_FOLDER, rowsFolder } from '../../shared/loggedRows.ts';
import { listAll, type ModelBucket } from '../store/bucket.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Lists the keys of a folder whose day is `from` (such as `2026-11-30`) or later, in order of time. */
export async function keysSince(bucket: ModelBucket, folder: string, from: string): Promise<string[]> {
  const { keys } = await listAll(bucket, { prefix: folder });
  return keys.filter((key) => key.endsWith('.ndjson') && key.slice(folder.length).split('/')[0]! >= from);
}

/** Returns the first of the last `days` days, today included, in UTC. */
export function firstDay(days: number, now = Date.now()): string {
  return new Date(now - (days - 1) * DAY_MS).toISOString().slice(0, 10);
}

/** Lists the objects of a model's rows, and of labels, of the last `days` days. */
export async function recentKeys(bucket: ModelBucket, model: string, days: number) {
  const from = firstDay(days);
  return {
    rows: await keysSince(bucket, rowsFolder(model), from),
    labels: await keysSince(bucket, FEEDBACK_FOLDER, from),
  };
}

/** Reads an object as text. @throws {InputError} if it was deleted meanwhile. */
export async function readObject(bucket: ModelBucket, key: string): Promise<string> {
  const object = await bucket.get(key);
  if (object === null) throw new InputError(`${key}: the object was deleted meanwhile; run again`);
  return new TextDecoder().decode(await object.arrayBuffer());
}
