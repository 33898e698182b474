/**
 * The journal of runs and commands, next to the versions of a model. A killed run is resumed from it. Each entry
 * is an object of its own, numbered in order, so that no object is written twice: R2 takes one write a second
 * to a key. The entries of a run that has ended become one object.
 */
import * as z from 'zod';
import { GateError } from '../../shared/errors.ts';
import { listAll, type ModelBucket } from '../store/bucket.ts';
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
  /** True if it could not be written at its time, and may have been since. */
  late: z.boolean().optional(),
});

export type JournalEntry = z.infer<typeof JournalEntry>;
/** The time of an entry, to the minute: `2026-03-01 03:17 UTC`. */
export function timeText({ at }: JournalEntry): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}

export type NewJournalEntry = Omit<JournalEntry, 'at' | 'run'> & {
  readonly run: string;
  readonly at?: string;
};

export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Keys of objects that are damaged: what they told is left out. */
  readonly damaged: readonly string[];
  /** Adds an entry, with the current time unless it has one. @throws {GateError} if another run has begun meanwhile. */
  append(entry: NewJournalEntry): Promise<void>;
}

/** Entries that are kept; enough for years of nightly runs. */
const CAPACITY = 10_000;
const TRIES = 20;
/** Objects that are read at a time. */
const CONNECTIONS = 8;

/** Entries by their numbers: a store may hold one number in two objects while a block is being written. */
type Numbered = Map<number, JournalEntry | undefined>;

interface Known {
  readonly numbered: Numbered;
  readonly damaged: Set<string>;
}

export async function openJournal(bucket: ModelBucket, model: string): Promise<Journal> {
  const prefix = retrainKeys(model).journal;
  const numbered: Numbered = new Map();
  const entries: JournalEntry[] = [];
  const damaged = new Set<string>();
  const order = (known: readonly JournalEntry[]) => entries.splice(0, entries.length, ...inOrder(known));
  const load = async (): Promise<void> => {
    await readNew(bucket, prefix, { numbered, damaged });
    const known = [...numbered].sort(([a], [b]) => a - b).map(([, entry]) => entry);
    // A damaged entry is left out, because a rollback must not depend on an intact history.
    order(known.filter((entry) => entry !== undefined));
  };
  await load();
  return {
    entries,
    get damaged() {
      return [...damaged].sort();
    },
    append: async (given) => {
      const entry = { at: new Date().toISOString(), ...given } as JournalEntry;
      for (let tries = TRIES; tries > 0; tries--) {
        const number = Math.max(0, ...numbered.keys()) + 1;
        const text = `${JSON.stringify(entry)}\n`;
        if ((await replaceText(bucket, entryKey(prefix, number), text, undefined)) !== undefined) {
          numbered.set(number, entry);
          order([...entries, entry]);
          if (entry.event === 'ended') await gather(bucket, prefix, numbered, entry.run);
          return;
        }
        await load();
        const last = entries.findLast(({ event }) => event === 'started');
        const isOwn = last === undefined || entry.event === 'command' || last.run === entry.run;
        if (!isOwn) throw new GateError(`${prefix}: run ${last.run} has begun meanwhile`);
      }
      throw new Error(`${prefix}: could not be written in ${TRIES} attempts because of concurrent writes`);
    },
  };
}

/** Puts entries that were written late among the others by their own time, which does not move those. */
export function inOrder(entries: readonly JournalEntry[]): JournalEntry[] {
  const ordered: JournalEntry[] = [];
  for (const entry of entries) {
    const { run, at, late } = entry;
    const isBefore = (each: JournalEntry) => each.at <= at || (each.event !== 'command' && each.run === run);
    const place = late ? ordered.findLastIndex(isBefore) + 1 : ordered.length;
    ordered.splice(place, 0, entry);
  }
  return ordered;
}

const DIGITS = 9;
const padded = (number: number) => String(number).padStart(DIGITS, '0');
const entryKey = (prefix: string, number: number) => `${prefix}${padded(number)}.json`;
const blockKey = (prefix: string, first: number, last: number) =>
  `${prefix}${padded(first)}-${padded(last)}.jsonl`;

/** Parses the numbers in the key of an entry or a block; undefined for other objects. */
function numbersOf(key: string): readonly [first: number, last: number] | undefined {
  const [, first, last = first] = /\/(\d+)(?:-(\d+))?\.jsonl?$/.exec(key) ?? [];
  return first === undefined ? undefined : [Number(first), Number(last)];
}

/** Reads the entries that are not known yet. Blocks come first, so that their entries are not read one by one. */
async function readNew(bucket: ModelBucket, prefix: string, { numbered, damaged }: Known): Promise<void> {
  const { keys } = await listAll(bucket, { prefix });
  const blocksFirst = keys.toSorted((a, b) => Number(b.endsWith('l')) - Number(a.endsWith('l')));
  for (let start = 0; start < blocksFirst.length; start += CONNECTIONS) {
    const unread = blocksFirst.slice(start, start + CONNECTIONS).flatMap((key) => {
      const numbers = numbersOf(key);
      return numbers === undefined || numbered.has(numbers[1])
        ? []
        : [{ key, first: numbers[0], last: numbers[1] }];
    });
    await Promise.all(
      unread.map(async ({ key, first, last }) => {
        const stored = await readText(bucket, key);
        // Another process has made it a part of a block meanwhile.
        if (stored === undefined) return;
        const lines = stored.text.split('\n').filter((line) => line !== '');
        for (let number = first; number <= last; number++) {
          const line = lines[number - first];
          const entry = line === undefined ? undefined : readable(line);
          // A block keeps the numbers of entries that were damaged before.
          if (entry === undefined && line !== 'null') damaged.add(key);
          // Its number is taken, even if nobody can tell what for.
          numbered.set(number, entry);
        }
      }),
    );
  }
}

/**
 * Writes the entries since the first one of a run as one block, and deletes them: years of nights are then as many
 * objects. May be interrupted at any point. Entries beyond the capacity are deleted.
 */
async function gather(bucket: ModelBucket, prefix: string, numbered: Numbered, run: string): Promise<void> {
  const numbers = [...numbered.keys()].sort((a, b) => a - b);
  const last = numbers.at(-1)!;
  const first = numbers.find((number) => numbered.get(number)?.run === run)!;
  const own = numbers.filter((number) => number >= first);
  // Damaged entries keep their numbers.
  const lines = own.map((number) => JSON.stringify(numbered.get(number) ?? null));
  const { keys } = await listAll(bucket, { prefix });
  const isWhole = own.length === last - first + 1 && !keys.some((key) => overlaps(key, first));
  if (!isWhole) return;
  await bucket.put(blockKey(prefix, first, last), `${lines.join('\n')}\n`);
  for (const key of keys) {
    const [from, to] = numbersOf(key) ?? [0, Number.POSITIVE_INFINITY];
    if ((from >= first && to <= last) || to <= last - CAPACITY) await bucket.delete(key);
  }
}

/** True for a block that reaches past `first`: another run's, if two took turns. */
function overlaps(key: string, first: number): boolean {
  const [from, to] = numbersOf(key) ?? [0, 0];
  return from < to && to >= first;
}

/** Parses a line; undefined if it is damaged. */
function readable(line: string): JournalEntry | undefined {
  try {
    return JournalEntry.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Returns the entries of the last run if it has not ended, otherwise undefined. */
export function unfinishedRun(entries: readonly JournalEntry[]): readonly JournalEntry[] | undefined {
  const start = entries.findLastIndex(({ event }) => event === 'started');
  const run = entries[start]?.run;
  const own = start < 0 ? [] : entries.slice(start).filter((entry) => entry.run === run);
  return own.length === 0 || own.some(({ event }) => event === 'ended') ? undefined : own;
}
