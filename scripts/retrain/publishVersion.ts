/** Publishing an artifact, whether it was trained here or imported, and routing requests to it. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RETRY_SECONDS } from '../../edge/runtime/sessions.ts';
import type { Aliases } from '../../shared/aliases.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { publishArtifact } from '../store/publish.ts';
import { aftermathOf, isTold, withAftermath } from './aftermath.ts';
import { type Given, nextAfter } from './again.ts';
import {
  changeAliases,
  readAliases,
  requireNoCanary,
  requireShadowFits,
  shown,
  withoutShadowOf,
} from './aliases.ts';
import { requireAnswersFile } from './context.ts';
import { acceptedText, judgeAll, requirePassed, verdictLine } from './gates/judging.ts';
import { VERSION_GATES } from './gates/registry.ts';
import { inForceOf } from './inForce.ts';
import { interruptible } from './interruptible.ts';
import { frozenFor, printPlace } from './isolates.ts';
import { openJournal } from './journal.ts';
import { acquireLock } from './lock.ts';
import { notePromoted } from './notePromoted.ts';
import { origin } from './origin.ts';
import { probedVersion, requireKnownAnswers } from './probing.ts';
import { reasonOf } from './reason.ts';
import { championRead } from './repairs.ts';
import { judgeShadow } from './shadow/judgeShadow.ts';
import { damageOf, readStored, type StoredArtifact } from './stored.ts';
import type { Target } from './targets/target.ts';

export interface PublishCall {
  readonly version: StoredArtifact;
  readonly target: Target;
  /** Percentage of the requests that the version answers as a canary; undefined for all of them. */
  readonly canary: number | undefined;
  /** Percentage of the requests that the version is asked unseen, next to production; undefined if it is to answer. */
  readonly shadow?: number | undefined;
  /** Names of the gates whose refusal is accepted. */
  readonly accept: readonly string[];
  readonly allowBreaking: boolean;
  /** The command that publishes it. */
  readonly command: Given;
  /** Ends the command, which is then undone. */
  readonly signal: AbortSignal;
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
/** Seconds after which the lock of a dead command expires. */
const LOCK_SECONDS = 60;
/** More than the difference between two clocks that tell how long something lasts. */
const MARGIN_MS = 500;

/**
 * Judges a version by the gates that need no rows, uploads it, asks for its known answers by its version, and
 * routes requests to it. After an error, production is what it was.
 * @throws {GateError} if a gate refuses, or the Worker gives other answers.
 * @throws {BusyError} if a run of the same model is in progress.
 * @throws {InputError} if the version has no known answers.
 * @throws {InterruptedError} if `signal` was aborted.
 */
export async function publishVersion(call: PublishCall): Promise<Published> {
  try {
    return await published(call);
  } catch (error) {
    if (isTold(error)) throw error;
    const { text, isKnown } = await inForceOf(call.target, call.version.manifest.name);
    throw withAftermath(error, {
      inForce: `${text}${isKnown ? ', as before this command' : ''}`,
      ...{ undone: [], next: nextAfter(error, call.command) },
    });
  }
}

async function published({
  version,
  target,
  canary,
  shadow,
  accept,
  allowBreaking,
  command,
  signal,
  print,
}: PublishCall): Promise<Published> {
  requireAnswersFile(version);
  const { manifest } = version;
  const { name: model, version: id } = manifest;
  const { bucket, release } = target;
  const own = interruptible(target, signal);
  const holder = `publish-${randomBytes(4).toString('hex')}`;
  const lock = await acquireLock(bucket, model, { holder, seconds: LOCK_SECONDS, wait: 0, signal, print });
  try {
    const key = release.key(model);
    const known = await readAliases(bucket, key);
    const before = known.aliases ?? null;
    requireNoCanary(target, model, known.aliases);
    if (shadow !== undefined) requireShadowFits(target, model, known.aliases, id);
    const damage = await damageOf(bucket, model, id);
    const isRepair = damage !== undefined && before?.production === id;
    const champion = before === null ? undefined : await championManifest(target, before, manifest);
    const input = { challenger: manifest, champion, allowBreaking };
    const judged = await judgeAll(VERSION_GATES, input, { limits: {}, accept: [] });
    for (const each of judged) print(verdictLine(each));
    requirePassed(judged, command);
    const isShown = shadow === undefined && before?.shadow?.version === id;
    const shadowJudged =
      isShown && before !== null
        ? await judgeShadow({ live: target.live, model, aliases: before, accept, command, print })
        : [];
    const to = aliasesAfter(before, id, { canary, shadow });
    if (before !== null && shown(before) === shown(to) && !isRepair) {
      print(`${key}: ${shown(to)} already`);
      return { model, version: id, before, aliases: to };
    }
    try {
      const frozen = await frozenFor(target, version, print, signal);
      await publishArtifact(own.bucket, frozen, damage !== undefined);
      await own.release.prepare(frozen);
      if (isRepair) {
        print(`waiting ${RETRY_SECONDS} s, after which Workers that could not load ${id} try again`);
        await sleep(RETRY_SECONDS * 1000 + MARGIN_MS, undefined, { signal });
      }
      const asked = { model, target: own };
      const probe = async (slot: 'version' | 'production') =>
        requireKnownAnswers(asked, (await probedVersion(asked, version, slot))!, SECONDS);
      await probe('version');
      await lock.confirm();
      await changeAliases(own.bucket, { key, model, from: known, to });
      await own.release.follow(model, to);
      if (to.production === id) await probe('production');
    } catch (error) {
      const cause = signal.aborted ? signal.reason : error;
      const state = { before, challenger: id };
      const next = nextAfter(cause, command);
      const after = await aftermathOf({ target, model, state, changed: 'aliases', next, print });
      throw withAftermath(cause, after);
    }
    await notePromoted(target, model, to.production);
    const journal = await openJournal(bucket, model);
    const details = { from: before, to, by: origin() };
    const repaired = isRepair && `repaired ${id}`;
    const reason = [repaired, shown(to), acceptedText(shadowJudged)].filter(Boolean).join('; ');
    await journal
      .append({ run: 'publish', event: 'command', reason, details })
      .catch((error: unknown) => print(`warning: the history lacks this command: ${reasonOf(error)}`));
    print(`${key}: ${shown(to)}`);
    await printPlace(target, manifest, print);
    return { model, version: id, before, aliases: to };
  } finally {
    // If the store is unavailable, the lock expires by itself.
    await lock.release().catch(() => undefined);
  }
}

/** Reads the manifest of the version in production. One that is published again need not be whole in the bucket. */
async function championManifest(target: Target, { production }: Aliases, own: Manifest): Promise<Manifest> {
  if (production === own.version) return own;
  const stored = await championRead(target, own.name, readStored(target.bucket, own.name, production));
  return stored.manifest;
}

/** The version answers all requests, or a share of them if there is a champion; or it is asked a share unseen. */
function aliasesAfter(
  before: Aliases | null,
  version: string,
  { canary, shadow }: Pick<PublishCall, 'canary' | 'shadow'>,
): Aliases {
  if (before === null || before.production === version) return before ?? { production: version };
  if (shadow !== undefined) return { ...before, shadow: { version, percentage: shadow } };
  const others = withoutShadowOf(before, version);
  if (canary !== undefined) return { ...others, canary: { version, percentage: canary } };
  return { ...others, production: version, previous: before.production };
}
