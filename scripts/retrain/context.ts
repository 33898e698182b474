/** What the steps of a run share. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Aliases } from '../../shared/aliases.ts';
import { ANSWERS_FILE } from '../../shared/answers.ts';
import { InputError } from '../../shared/errors.ts';
import { readArtifact } from '../../training/artifact/artifact.ts';
import type { PreparedRun, RecipeRun } from '../cli/training.ts';
import type { Comparison } from './metrics/compare.ts';
import { readStored, type StoredArtifact } from './stored.ts';
import type { Target } from './targets/target.ts';

export interface RetrainOptions extends RecipeRun {
  /** Share of the requests that a canary answers, in (0, 100); undefined for none. */
  readonly canary?: number;
  /** Seconds that a canary is watched for. */
  readonly watch: number;
  /** By the name of a gate or of a metric. */
  readonly limits: Readonly<Record<string, number>>;
  readonly allowBreaking: boolean;
  readonly warmStart: boolean;
}

export interface Run {
  readonly id: string;
  readonly model: string;
  readonly options: RetrainOptions;
  readonly prepared: PreparedRun;
  readonly target: Target;
  readonly print: (line: string) => void;
}

/** What steps found out: kept in the journal, so all of it is JSON. */
export interface State {
  /** Aliases as they were when the run began; null before the first version. */
  readonly before: Aliases | null;
  /** The version that was trained. */
  readonly challenger?: string;
  readonly comparison?: Comparison | string;
}

export type KnownState = State & { readonly challenger: string };

/** The challenger: from the bucket or, before it is there, from the folder that training wrote. */
export async function challengerOf(run: Run, state: State): Promise<StoredArtifact> {
  const version = (state as KnownState).challenger;
  const directory = join(run.options.out, run.model, version);
  if (!existsSync(directory)) return readStored(run.target.bucket, run.model, version);
  const artifact = await readArtifact(directory);
  const hasAnswers = artifact.manifest.files[ANSWERS_FILE] !== undefined;
  return { ...artifact, answers: hasAnswers ? await readFile(join(directory, ANSWERS_FILE)) : undefined };
}

/** The version in production when the run began; undefined where there was none. */
export async function championOf(run: Run, { before }: State): Promise<StoredArtifact | undefined> {
  return before === null ? undefined : readStored(run.target.bucket, run.model, before.production);
}

/** Those of the challenger. @throws {InputError} where it has none. */
export function requireAnswers({ answers, manifest }: StoredArtifact): Uint8Array {
  if (answers !== undefined) return answers;
  throw new InputError(
    `${manifest.name}@${manifest.version} has no ${ANSWERS_FILE}: there is nothing to hold its answers against`,
  );
}
