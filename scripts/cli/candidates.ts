/**
 * Candidates: models that a retraining has trained, apart from those that may be served. They live in
 * `artifacts/.candidates/<model>/<version>`, each with a mark that tells its verdict, and move to
 * `artifacts/<model>/<version>` when they are promoted.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import * as z from 'zod';

/** No model has a name that begins with a dot, so commands that look for models pass the folder over. */
const FOLDER = '.candidates';
const MARK = 'candidate.json';

const CandidateMark = z.strictObject({
  /** Id of the run that trained the version. */
  run: z.string(),
  /** Outcome of that run; `untested` while it goes on, and after it was killed. */
  outcome: z.string(),
  reason: z.string().optional(),
});

export type CandidateMark = z.infer<typeof CandidateMark>;

/** Returns the folder that retrainings with the output folder `out` write artifacts to. */
export function candidatesIn(out: string): string {
  return join(out, FOLDER);
}

/** Returns the folder of a version: that of the promoted artifact or, if there is none, of the candidate. */
export function versionFolder(out: string, model: string, version: string): string {
  const promoted = join(out, model, version);
  return existsSync(promoted) ? promoted : join(candidatesIn(out), model, version);
}

/** Returns the mark of an artifact's folder; undefined if the artifact is no candidate. */
export async function candidateMark(folder: string): Promise<CandidateMark | undefined> {
  const path = join(folder, MARK);
  if (existsSync(path)) return CandidateMark.parse(JSON.parse(await readFile(path, 'utf8')));
  // The run was killed before it could write the mark.
  const isCandidate = basename(resolve(folder, '../..')) === FOLDER;
  return isCandidate ? { run: 'unknown', outcome: 'untested' } : undefined;
}

/** Writes the mark of a candidate. Does nothing if the version was promoted before, or is not on this disk. */
export async function markCandidate(
  out: string,
  model: string,
  version: string,
  mark: CandidateMark,
): Promise<void> {
  const folder = join(candidatesIn(out), model, version);
  if (existsSync(folder)) await writeFile(join(folder, MARK), `${JSON.stringify(mark, null, 2)}\n`);
}

/** Moves a promoted candidate to the artifacts that may be served. May be repeated. */
export async function acceptCandidate(out: string, model: string, version: string): Promise<void> {
  const candidate = join(candidatesIn(out), model, version);
  const promoted = join(out, model, version);
  if (!existsSync(candidate)) return;
  if (existsSync(promoted)) {
    await rm(candidate, { recursive: true });
    return;
  }
  await mkdir(dirname(promoted), { recursive: true });
  await rename(candidate, promoted);
  await rm(join(promoted, MARK), { force: true });
}
