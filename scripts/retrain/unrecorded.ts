/**
 * Ends of runs that could not be written to the history, as on a full disk or in a store that is gone: they are noted over the blanks of a file
 * that was written while there was room. `--status` and `--history` read them there, and the next run moves them into the
 * history.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { replaceFile } from '../../training/files.ts';
import { inOrder, type Journal, JournalEntry, type NewJournalEntry } from './journal.ts';
import type { Target } from './targets/target.ts';

/** Unless a target names another one. */
const FILE = join('artifacts', '.unrecorded.jsonl');
/** Bytes of the file: a week of nights. */
const BYTES = 16_384;
/** Characters that are kept of a reason, so that one does not fill the file. */
const LONGEST = 600;

const Note = z.object({ target: z.string(), model: z.string(), entry: JournalEntry });
type Note = z.infer<typeof Note>;

type Place = Pick<Target, 'name' | 'notes'>;

/** Makes the file, if there is none. */
export async function reserveNotes(path = FILE): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, [' '.repeat(BYTES)]);
}

/** Notes an entry with the current time. Rejects if there is no room for it. */
export async function noteUnrecorded(
  { name: target, notes: file }: Place,
  model: string,
  given: NewJournalEntry,
): Promise<void> {
  const { reason } = given as JournalEntry;
  const short = reason !== undefined && { reason: reason.slice(0, LONGEST) };
  const entry = { ...given, ...short, at: new Date().toISOString(), late: true } as JournalEntry;
  await replaceNotes([...(await readNotes(file)), { target, model, entry }], file);
}

/** Notes an entry if `recording` it fails, and then fails all the same unless it could be noted. */
export async function notedIfLost(
  target: Place,
  model: string,
  entry: NewJournalEntry,
  recording: () => Promise<unknown>,
): Promise<void> {
  try {
    await recording();
  } catch (error) {
    await noteUnrecorded(target, model, entry).catch(() => {
      throw error;
    });
  }
}

/** The entries of a model: those of its history, and those that were noted for it. */
export async function allEntries(
  place: Place,
  model: string,
  { entries }: Pick<Journal, 'entries'>,
): Promise<JournalEntry[]> {
  return inOrder([...entries, ...(await unrecordedOf(place, model))]);
}

/** The entries that were noted of a model, in their order. */
export async function unrecordedOf({ name, notes: file }: Place, model: string): Promise<JournalEntry[]> {
  const notes = await readNotes(file);
  return notes.filter((note) => isOf(note, name, model)).map(({ entry }) => entry);
}

/** Moves the notes of a model into its history, with the times at which they were made. */
export async function recordNotes(place: Place, model: string, journal: Journal): Promise<void> {
  const noted = await unrecordedOf(place, model);
  for (const entry of noted) await journal.append(entry);
  if (noted.length === 0) return;
  const others = (await readNotes(place.notes)).filter((note) => !isOf(note, place.name, model));
  await replaceNotes(others, place.notes);
}

function isOf({ target, model }: Note, name: string, own: string): boolean {
  return target === name && model === own;
}

async function readNotes(file = FILE): Promise<Note[]> {
  const text = existsSync(file) ? await readFile(file, 'utf8') : '';
  return text.split('\n').flatMap((line) => {
    const { data } = Note.safeParse(parsed(line));
    return data === undefined ? [] : [data];
  });
}

/** Parses JSON; undefined if it is damaged, or blank. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Writes over the bytes that the file has, which takes no room on the disk. */
async function replaceNotes(notes: readonly Note[], path = FILE): Promise<void> {
  const text = notes.map((note) => `${JSON.stringify(note)}\n`).join('');
  const bytes = Buffer.alloc(BYTES, ' ');
  if (Buffer.byteLength(text) > BYTES) throw new Error(`${path}: no room for another run`);
  bytes.write(text);
  await reserveNotes(path);
  const file = await open(path, 'r+');
  try {
    await file.write(bytes, 0, BYTES, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}
