/** Publishing an artifact, whether it was trained here or imported, and routing requests to it. */
import { randomBytes } from 'node:crypto';
import type { Aliases } from '../../shared/aliases.ts';
import { GateError } from '../../shared/errors.ts';
import { commandLine } from '../cli/places.ts';
import { publishArtifact } from '../store/publish.ts';
import { changeAliases, readAliases, shown } from './aliases.ts';
import { requireAnswersFile } from './context.ts';
import { judgeAll, requirePassed, verdictLine } from './gates/judging.ts';
import { VERSION_GATES } from './gates/registry.ts';
import { openJournal } from './journal.ts';
import { acquireLock } from './lock.ts';
import { origin } from './origin.ts';
import { probedVersion, requireKnownAnswers } from './probing.ts';
import { reasonOf } from './reason.ts';
import { readStored, type StoredArtifact } from './stored.ts';
import type { Target } from './targets/target.ts';
import { undo } from './undo.ts';

export interface PublishCall {
  readonly version: StoredArtifact;
  readonly target: Target;
  /** Percentage of the requests that the version answers as a canary; undefined for all of them. */
  readonly canary: number | undefined;
  readonly allowBreaking: boolean;
  /** True to judge, and only print what would be changed. */
  readonly dryRun: boolean;
  readonly print: (line: string) => void;
}

export interface Published {
  readonly model: string;
  readonly version: string;
  /** Aliases before and after; null before the first version. */
  readonly before: Aliases | null;
  readonly aliases: Aliases;
}

/** Seconds for which known answers are waited for, per operation. */
const SECONDS = 30;
const LOCK_SECONDS = 300;

/**
 * Judges a version by the gates that need no rows, uploads it, asks for its known answers by its version, and
 * routes requests to it. After an error, production is what it was.
 * @throws {GateError} if a gate refuses, or the Worker gives other answers.
 * @throws {BusyError} if a run of the same model is in progress.
 * @throws {InputError} if the version has no known answers.
 */
export async function publishVersion({
  version,
  target,
  canary,
  allowBreaking,
  dryRun,
  print,
}: PublishCall): Promise<Published> {
  requireAnswersFile(version);
  const { manifest } = version;
  const { name: model, version: id } = manifest;
  const { bucket, release } = target;
  const holder = `publish-${randomBytes(4).toString('hex')}`;
  const lock = await acquireLock(bucket, model, { holder, seconds: LOCK_SECONDS, wait: 0, print });
  try {
    const key = release.key(model);
    const known = await readAliases(bucket, key);
    const before = known.aliases ?? null;
    if (before?.canary !== undefined) {
      throw new GateError(
        `${model} has a canary, version ${before.canary.version}: promote it with "${commandLine('deploy')} --promote ${model}" or remove it with "${commandLine('deploy')} --rollback ${model}"`,
      );
    }
    const champion =
      before === null ? undefined : (await readStored(bucket, model, before.production)).manifest;
    const input = { challenger: manifest, champion, allowBreaking };
    const judged = await judgeAll(VERSION_GATES, input, { limits: {}, accept: [] });
    for (const each of judged) print(verdictLine(each));
    requirePassed(judged);
    const to = aliasesAfter(before, id, canary);
    if (before !== null && shown(before) === shown(to)) {
      print(`${key}: ${shown(to)} already`);
      return { model, version: id, before, aliases: to };
    }
    try {
      await publishArtifact(bucket, version);
      await release.prepare(version);
      const probe = async (slot: 'version' | 'production') =>
        requireKnownAnswers(
          { model, target },
          (await probedVersion({ model, target }, version, slot))!,
          SECONDS,
        );
      await probe('version');
      await lock.confirm();
      await changeAliases(bucket, { key, model, from: known, to });
      await release.follow(model, to);
      if (canary === undefined) await probe('production');
    } catch (error) {
      await undo({ target, model, state: { before, challenger: id }, keepPromoted: false, print });
      throw error;
    }
    if (!dryRun) {
      const journal = await openJournal(bucket, model);
      const details = { from: before, to, by: origin() };
      await journal
        .append({ run: 'publish', event: 'command', reason: shown(to), details })
        .catch((error: unknown) => print(`warning: the history lacks this command: ${reasonOf(error)}`));
    }
    print(`${key}: ${shown(to)}`);
    return { model, version: id, before, aliases: to };
  } finally {
    // If the store is unavailable, the lock expires by itself.
    await lock.release().catch(() => undefined);
  }
}

/** The version answers a share of the requests or, without a percentage or a champion, all of them. */
function aliasesAfter(before: Aliases | null, version: string, percentage: number | undefined): Aliases {
  if (before === null || before.production === version) return before ?? { production: version };
  if (percentage !== undefined) return { ...before, canary: { version, percentage } };
  return { production: version, previous: before.production };
}
