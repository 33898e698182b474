/** What runs did, as JSON lines beside the models: what the next run continues from, and people look things up in. */
import * as z from 'zod';
import { GateError } from '../../shared/errors.ts';
import type { VersionedBucket } from '../store/bucket.ts';
import { readText, replaceText } from '../store/text.ts';
import { retrainKeys } from './keys.ts';

/** How a run ended; `none` of these is one that was killed. */
export const OUTCOMES = ['promoted', 'unchanged', 'refused', 'rolled back', 'failed', 'abandoned'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const Entry = z.looseObject({
  /** Of the run; of a person's command, its name. */
  run: z.string(),
  /** By the clock of the machine that ran. */
  at: z.iso.datetime(),
  /** `begun` is written before a step does anything, `done` after it. */
  event: z.enum(['started', 'begun', 'done', 'ended', 'command']),
  step: z.string().optional(),
  outcome: z.enum(OUTCOMES).optional(),
  reason: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

export type Entry = z.infer<typeof Entry>;
export type NewEntry = Omit<Entry, 'at' | 'run'> & { readonly run: string };

export interface Journal {
  readonly entries: readonly Entry[];
  /** @throws {GateError} where another run has begun meanwhile. */
  append(entry: NewEntry): Promise<void>;
}

/** Lines that are kept: years of nightly runs. */
const CAPACITY = 10_000;
const TRIES = 5;

export async function openJournal(bucket: VersionedBucket, model: string): Promise<Journal> {
  const key = retrainKeys(model).journal;
  const entries: Entry[] = [];
  let etag: string | undefined;
  const load = async (): Promise<void> => {
    const known = await readText(bucket, key);
    etag = known?.etag;
    const lines = (known?.text ?? '').split('\n').filter((line) => line !== '');
    entries.splice(0, entries.length, ...lines.flatMap(readable));
  };
  await load();
  return {
    entries,
    append: async (given) => {
      const entry = { ...given, at: new Date().toISOString() } as Entry;
      for (let tries = TRIES; tries > 0; tries--) {
        const text = [...entries, entry].slice(-CAPACITY).map((each) => JSON.stringify(each));
        etag = await replaceText(bucket, key, `${text.join('\n')}\n`, etag);
        if (etag !== undefined) {
          entries.push(entry);
          return;
        }
        await load();
        const last = entries.findLast(({ event }) => event === 'started');
        const isOwn = last === undefined || entry.event === 'command' || last.run === entry.run;
        if (!isOwn) throw new GateError(`${key}: run ${last.run} has begun meanwhile`);
      }
      throw new Error(`${key}: could not be written in ${TRIES} tries: others write it all the time`);
    },
  };
}

/** A line that is damaged is left out: going back must not depend on what was written of the past. */
function readable(line: string): Entry[] {
  try {
    return [Entry.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}

/** The last run's entries, if it has not ended. */
export function unfinishedRun(entries: readonly Entry[]): readonly Entry[] | undefined {
  const start = entries.findLastIndex(({ event }) => event === 'started');
  const run = entries[start]?.run;
  const own = start < 0 ? [] : entries.slice(start).filter((entry) => entry.run === run);
  return own.length === 0 || own.some(({ event }) => event === 'ended') ? undefined : own;
}
