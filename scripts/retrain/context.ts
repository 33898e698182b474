/** Options and state that the steps of a run share. */

import { existsSync } from 'node:fs';
import type { Aliases } from '../../shared/aliases.ts';
import { ANSWERS_FILE } from '../../shared/answers.ts';
import { InputError } from '../../shared/errors.ts';
import { readArtifact } from '../../training/artifact/artifact.ts';
import { versionFolder } from '../cli/candidates.ts';
import type { PreparedRun, RecipeRun } from '../cli/preparedRun.ts';
import type { Given } from './again.ts';
import type { InspectedChampion } from './gates/inspectData.ts';
import type { Judged } from './gates/judging.ts';
import type { JournalEntry } from './journal.ts';
import type { ModelComparison } from './metrics/compareVersions.ts';
import type { NewestTimes } from './newestTimes.ts';
import { readReferences, referenceFor } from './references.ts';
import { championRead } from './repairs.ts';
import { profileIn, readStored, type StoredArtifact, withAnswers } from './stored.ts';
import type { Target } from './targets/target.ts';

export interface RetrainOptions extends RecipeRun {
  /** Percentage of the requests that a canary answers, in (0, 100); undefined for no canary. */
  readonly canary?: number;
  /** Percentage of the requests that the challenger answers unseen before, in (0, 100]; undefined for no shadow. */
  readonly shadow?: number;
  /** Requests that a shadow is judged by. */
  readonly shadowAnswers: number;
  /** Seconds for which a shadow, and then a canary, is monitored at most. */
  readonly watch: number;
  /** Answers to clients, of canary and production each, that a canary is judged by. */
  readonly canaryAnswers: number;
  /** The decision on a canary that has given fewer answers when the time is over. */
  readonly fewAnswers: 'refuse' | 'promote';
  /** Limits that override the defaults, by the name of a gate or metric. */
  readonly limits: Readonly<Record<string, number>>;
  /** Names of the gates whose refusal is accepted. */
  readonly accept: readonly string[];
  readonly allowBreaking: boolean;
  /** True to require the champion's weights as a start, false for random ones; undefined for either. */
  readonly warmStart?: boolean;
  /** Days up to today whose logged rows are trained on, too; undefined for the data alone. */
  readonly fromProduction?: number;
  /** True to train and judge, and only print what would be changed. */
  readonly dryRun: boolean;
}

export interface RetrainRun {
  readonly id: string;
  readonly model: string;
  readonly options: RetrainOptions;
  /** The command that the run was given by. */
  readonly command: Given;
  readonly prepared: PreparedRun;
  /** The journal as it was when the run began. */
  readonly history: readonly JournalEntry[];
  readonly target: Target;
  readonly print: (line: string) => void;
}

/** Results of the steps. All of it is JSON, because the journal keeps it. */
export interface RunState {
  /** Aliases as they were when the run began; null before the first version. */
  readonly before: Aliases | null;
  /** The version that was trained; undefined before. */
  readonly challenger?: string;
  /** The number of rows of the data. */
  readonly rows?: number;
  /** The newest time of each of its columns of times. */
  readonly newest?: NewestTimes;
  /** Verdicts on the data, and on the challenger. */
  readonly dataVerdicts?: readonly Judged[];
  readonly modelVerdicts?: readonly Judged[];
  /** Verdicts on the challenger as a shadow. */
  readonly shadowVerdicts?: readonly Judged[];
  /** Figures of the challenger, and of the champion on the same rows. */
  readonly comparison?: ModelComparison;
}

/** State after the challenger has been trained. */
export type TrainedState = RunState & { readonly challenger: string };

/** Reads the challenger from the folder that training wrote or, if that is gone, from the bucket. */
export async function challengerOf(run: RetrainRun, state: RunState): Promise<StoredArtifact> {
  const version = (state as TrainedState).challenger;
  const directory = versionFolder(run.options.out, run.model, version);
  if (!existsSync(directory)) return readStored(run.target.bucket, run.model, version);
  return withAnswers(await readArtifact(directory));
}

/** Reads the version that was in production when the run began; undefined if there was none. */
export async function championOf(run: RetrainRun, { before }: RunState): Promise<StoredArtifact | undefined> {
  if (before === null) return undefined;
  const { target, model } = run;
  return championRead(target, model, readStored(target.bucket, model, before.production));
}

/** Returns the data that gates compare with: of the version in production, if there is one, and of those before it. */
export async function inspectedChampion(
  run: RetrainRun,
  state: RunState,
  at: number,
): Promise<InspectedChampion | undefined> {
  const stored = await championOf(run, state);
  if (stored === undefined) return undefined;
  const { manifest } = stored;
  const references = await readReferences(run.target.bucket, run.model, run.print);
  const reference = referenceFor(references, run.history, at);
  // What is compared with the champion as it is would be refused twice, and accepted by two names.
  const isOwn = reference?.version === manifest.version;
  return { manifest, profile: profileIn(stored), reference: isOwn ? undefined : reference };
}

/** @throws {InputError} if a version has no known answers, without which its deployment cannot be tested. */
export function requireAnswersFile({ answers, manifest }: StoredArtifact): void {
  if (answers !== undefined) return;
  throw new InputError(
    `${manifest.name}@${manifest.version} has no ${ANSWERS_FILE}: expected known answers to test its deployment with`,
  );
}
