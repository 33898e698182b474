/** Profiles of the data of some weeks ago: drift that is slow enough passes every comparison with last night's. */
import * as z from 'zod';
import { Profile } from '../../training/data/profile.ts';
import type { ModelBucket } from '../store/bucket.ts';
import { readText } from '../store/text.ts';
import { recallOf } from './commands.ts';
import type { JournalEntry } from './journal.ts';
import { retrainKeys } from './keys.ts';

export const Reference = z.object({
  /** The version that was trained on the data. */
  version: z.string(),
  /** When it was promoted. */
  at: z.iso.datetime(),
  profile: Profile.omit({ seen: true }),
});

export type Reference = z.infer<typeof Reference>;

const DAY_MS = 86_400_000;
/** Days that data is compared over. */
const AGE = 30;
/** Days between two references, so that a file holds few of them. */
const SPACING = 10;

/** Reads the references of a model, the oldest first. Damaged ones begin anew, as those of a new model do. */
export async function readReferences(
  bucket: ModelBucket,
  model: string,
  print: (line: string) => void,
): Promise<Reference[]> {
  const key = retrainKeys(model).references;
  const stored = await readText(bucket, key);
  if (stored === undefined) return [];
  try {
    return z.array(Reference).parse(JSON.parse(stored.text));
  } catch {
    print(`${key} is damaged: slow drift is watched from the next promotion on`);
    return [];
  }
}

/**
 * Returns the newest reference that is 30 days old or, if there is none, the oldest. Versions that somebody went back
 * from are none.
 */
export function referenceFor(
  references: readonly Reference[],
  history: readonly JournalEntry[],
  at: number,
): Reference | undefined {
  const own = references.filter(({ version }) => recallOf(history, version) === undefined);
  return own.findLast((each) => ageOf(each, at) >= AGE) ?? own[0];
}

/** The references once a version has been promoted: at most one for ten days, and none that is needed no longer. */
export function withReference(references: readonly Reference[], promoted: Reference): Reference[] {
  const at = Date.parse(promoted.at);
  const last = references.at(-1);
  if (last !== undefined && ageOf(last, at) < SPACING) return [...references];
  const oldest = references.findLastIndex((each) => ageOf(each, at) >= AGE);
  return [...references.slice(Math.max(0, oldest)), promoted];
}

export async function writeReferences(
  bucket: ModelBucket,
  model: string,
  references: readonly Reference[],
): Promise<void> {
  await bucket.put(retrainKeys(model).references, JSON.stringify(references));
}

function ageOf({ at }: Reference, now: number): number {
  return (now - Date.parse(at)) / DAY_MS;
}
