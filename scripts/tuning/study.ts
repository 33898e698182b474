/**
 * The results of a search on disk: `{out}/{model}/.tuning/`, with what the search is, and a file for each trial.
 * Each is written whole or not at all, so that a search that was killed goes on where it was.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { replaceFile } from '../../training/files.ts';
import type { TrialResult } from './trial.ts';

const FOLDER = '.tuning';
const STUDY = 'study.json';

/** Facts, by name, that must be equal for one search to continue another. */
export type StudyIdentity = Readonly<Record<string, string | number>>;

const StoredTrial = z.object({
  trial: z.number().int(),
  settings: z.record(z.string(), z.unknown()),
  /** One result for each rung that the trial has taken part in. */
  rungs: z.array(
    z.object({
      trial: z.number().int(),
      epochs: z.number().int(),
      value: z.number().nullable(),
      seconds: z.number(),
      problem: z.string().optional(),
    }),
  ),
});

export interface Trial {
  readonly trial: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly rungs: readonly TrialResult[];
}

export interface Study {
  readonly folder: string;
  /** Results of an earlier run of the same search, by trial. */
  readonly stored: ReadonlyMap<number, Trial>;
  readonly save: (trial: Trial) => Promise<void>;
  /** File of the state of a trial between its rungs. */
  readonly checkpointOf: (trial: number) => string;
  /** Removes the state of a trial that takes part in no further rung. */
  readonly drop: (trial: number) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export function studyFolder(out: string, model: string): string {
  return join(out, model, FOLDER);
}

export function hasStudy(folder: string): boolean {
  return existsSync(join(folder, STUDY));
}

/**
 * Begins a search, or continues the one in the folder.
 * @throws {InputError} if that is another search, naming the difference.
 */
export async function openStudy(folder: string, identity: StudyIdentity, resume: boolean): Promise<Study> {
  const continues = resume && hasStudy(folder);
  if (continues) requireSame(folder, JSON.parse(await readFile(join(folder, STUDY), 'utf8')), identity);
  else {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await replaceFile(join(folder, STUDY), [`${JSON.stringify(identity, null, 2)}\n`]);
  }
  const fileOf = (trial: number) => join(folder, `trial-${trial}.json`);
  const checkpointOf = (trial: number) => join(folder, `checkpoint-${trial}`, 'latest');
  return {
    folder,
    stored: continues ? await storedIn(folder) : new Map(),
    save: (trial) => replaceFile(fileOf(trial.trial), [`${JSON.stringify(trial)}\n`]),
    checkpointOf,
    drop: (trial) => rm(join(checkpointOf(trial), '..'), { recursive: true, force: true }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function storedIn(folder: string): Promise<Map<number, Trial>> {
  const files = (await readdir(folder)).filter((name) => /^trial-\d+\.json$/.test(name));
  const trials = await Promise.all(
    files.map(async (name) => {
      const { rungs, ...rest } = StoredTrial.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
      const known = rungs.map(({ problem, ...result }) => ({
        ...result,
        ...(problem !== undefined && { problem }),
      }));
      return { ...rest, rungs: known };
    }),
  );
  return new Map(trials.map((trial) => [trial.trial, trial]));
}

function requireSame(folder: string, recorded: StudyIdentity, wanted: StudyIdentity): void {
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(recorded)])) {
    if (recorded[name] === wanted[name]) continue;
    throw new InputError(
      `${folder}: holds another search: expected ${name} ${JSON.stringify(wanted[name])}, found ${JSON.stringify(recorded[name])}; resume with the same ${name}, or start without --resume, which replaces it`,
    );
  }
}
