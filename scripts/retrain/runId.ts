import { randomBytes } from 'node:crypto';

/** A new id of a run: the day, for people, and a part at random. */
export function newRunId(): string {
  return `${new Date().toISOString().slice(0, 10)}-${randomBytes(4).toString('hex')}`;
}
