/**
 * The journal of runs and commands, as JSON lines next to the versions of a model. A killed run is resumed
 * from it.
 */
import * as z from 'zod';
import { GateError } from '../../shared/errors.ts';
import type { ModelBucket } from '../store/bucket.ts';
import { readText, replaceText } from '../store/text.ts';
import { retrainKeys } from './keys.ts';

/** Outcomes of a run. A killed run has none. */
export const OUTCOMES = ['promoted', 'unchanged', 'refused', 'rolled back', 'failed', 'abandoned'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const JournalEntry = z.looseObject({
  /** Id of the run, or name of a manual command. */
  run: z.string(),
  /** Time by the clock of the machine that ran. */
  at: z.iso.datetime(),
  /** `begun` is written before a step does anything, `done` after it. */
  event: z.enum(['started', 'begun', 'done', 'ended', 'command']),
  step: z.string().optional(),
  outcome: z.enum(OUTCOMES).optional(),
  reason: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

export type JournalEntry = z.infer<typeof JournalEntry>;
export type NewJournalEntry = Omit<JournalEntry, 'at' | 'run'> & { readonly run: string };

export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Adds an entry with the current time. @throws {GateError} if another run has begun meanwhile. */
  append(entry: NewJournalEntry): Promise<void>;
}

/** Entries that are kept; enough for years of nightly runs. */
const CAPACITY = 10_000;
const TRIES = 5;

export async function openJournal(bucket: ModelBucket, model: string): Promise<Journal> {
  const key = retrainKeys(model).journal;
  const entries: JournalEntry[] = [];
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
      const entry = { ...given, at: new Date().toISOString() } as JournalEntry;
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
      throw new Error(`${key}: could not be written in ${TRIES} attempts because of concurrent writes`);
    },
  };
}

/** Parses a line. A damaged one is left out, because a rollback must not depend on an intact history. */
function readable(line: string): JournalEntry[] {
  try {
    return [JournalEntry.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}

/** Returns the entries of the last run if it has not ended, otherwise undefined. */
export function unfinishedRun(entries: readonly JournalEntry[]): readonly JournalEntry[] | undefined {
  const start = entries.findLastIndex(({ event }) => event === 'started');
  const run = entries[start]?.run;
  const own = start < 0 ? [] : entries.slice(start).filter((entry) => entry.run === run);
  return own.length === 0 || own.some(({ event }) => event === 'ended') ? undefined : own;
}
