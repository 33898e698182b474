/** What is in force, since when, by whom and why, and what to do next: for somebody on call. */
import type { Aliases } from '../../shared/aliases.ts';
import { endShadowLine, readDamagedAliases } from './aliases.ts';
import { changedAfter, recallOf } from './commands.ts';
import { foundBy, lastLine, sinceLine } from './historyLines.ts';
import { type JournalEntry, openJournal, unfinishedRun } from './journal.ts';
import type { LiveWorker } from './live.ts';
import { lockDamage, lockHolder } from './lock.ts';
import { lostVersion, promoteLine, republishLine } from './lostAliases.ts';
import { modelsIn, unknownModel } from './models.ts';
import { nextCommand } from './nextCommand.ts';
import { repairLine, rollbackLine } from './repairs.ts';
import { readShadow, shadowLines } from './shadow/figures.ts';
import { damageOf } from './stored.ts';
import type { Target } from './targets/target.ts';
import { allEntries } from './unrecorded.ts';

export interface ModelStatus {
  readonly model: string;
  /** Null if they are damaged, or gone, or if nothing is in production yet, and so nothing is damaged. */
  readonly aliases: Aliases | null;
  /** Damage of the aliases, or of the version in production; null if there is none. */
  readonly damage: string | null;
  /** A line about what put the version into production; null if the aliases are damaged. */
  readonly since: string | null;
  /** Lines about how its answers differ, if the running Worker tells; none without a shadow. */
  readonly shadow: readonly string[];
  /** The run in progress. */
  readonly running: string | null;
  /** The killed run that the next one is to resume or undo. */
  readonly unfinished: string | null;
  /** A line about a lock that is damaged; null if it is not. */
  readonly damagedLock: string | null;
  /** Objects of the history that are damaged; what they told is left out. */
  readonly damagedHistory: readonly string[];
  /** A line about the last run or command. */
  readonly last: string | null;
  /** What to do, with its command, or what to wait for. */
  readonly next: string;
}

/** @throws {InputError} if of a model that is named there is no version in production, and no run. */
export async function statusOf(target: Target, given: string | undefined): Promise<ModelStatus[]> {
  const { bucket, release } = target;
  const models = given === undefined ? await knownModels(target) : [given];
  const now = Date.now();
  const live = untilSilent(target.live);
  const all: ModelStatus[] = [];
  for (const model of models) {
    const { aliases = null, damage } = await readDamagedAliases(bucket, release.key(model));
    const journal = await openJournal(bucket, model);
    const { damaged: damagedHistory } = journal;
    const entries = await allEntries(target, model, journal);
    const isGone = aliases === null && damage === undefined;
    const lost = isGone ? await lostVersion(target, model, entries) : undefined;
    // Of a lost store, only this machine knows.
    const noted = isGone && lost === undefined ? await target.promotedHere?.of(model) : undefined;
    // Runs so far may have been refused.
    const isNew = isGone && lost === undefined && noted === undefined;
    if (isNew && entries.length === 0) {
      if (given === undefined) continue;
      throw await unknownModel(target, model);
    }
    const open = unfinishedRun(entries)?.[0]?.run ?? null;
    const holder = (await lockHolder(bucket, model)) ?? null;
    const running = holder && `${holder}${resumedText(holder, open)}`;
    const unfinished = running === null ? open : null;
    const production = aliases?.production;
    const broken = aliases === null ? undefined : await damageOf(bucket, model, aliases.production);
    const known = {
      ...{ model, aliases, running, unfinished, damagedHistory },
      damagedLock: (await lockDamage(bucket, model)) ?? null,
      last: lastLine(entries, now, { production, killed: unfinished }) ?? null,
      damage:
        broken ??
        (aliases === null && !isNew
          ? `${release.key(model)} is ${isGone ? `gone; ${release.ifGone}` : `damaged; ${release.ifDamaged}`}`
          : null),
    };
    const since = aliases && sinceLine(entries, aliases.production, now, unfinished);
    const shadow = await shadowState(live, model, aliases);
    all.push({
      ...known,
      since,
      shadow,
      next: noted ? republishLine(target, model, noted) : await nextOf(target, known, entries),
    });
  }
  return all;
}

/** A run that resumes another one goes on under the id of that, but holds the lock under its own. */
function resumedText(holder: string, open: string | null): string {
  if (open === null || holder.startsWith(`run ${open} `)) return '';
  return `; it resumes run ${open}, which was killed, or undoes it`;
}

/** The models in the bucket, and those that this machine knows. */
async function knownModels({ bucket, promotedHere }: Target): Promise<string[]> {
  const names = [...(await modelsIn(bucket)), ...((await promotedHere?.models()) ?? [])];
  return [...new Set(names)].sort();
}

/** A Worker that is not asked again once it has not told its statistics: each time, it might be waited for. */
function untilSilent(live: Pick<LiveWorker, 'stats'>): Pick<LiveWorker, 'stats'> {
  let isSilent = false;
  return {
    stats: async () => {
      const stats = isSilent ? undefined : await live.stats();
      isSilent = stats === undefined;
      return stats;
    },
  };
}

/** What the running Worker has counted so far. */
async function shadowState(
  live: Pick<LiveWorker, 'stats'>,
  model: string,
  aliases: Aliases | null,
): Promise<readonly string[]> {
  if (aliases?.shadow === undefined) return [];
  const versions = { model, production: aliases.production, shadow: aliases.shadow.version };
  const figures = await readShadow(live, versions, { enough: 0, seconds: 0 });
  if (figures === undefined)
    return ['shadow: no figures, as no Worker answers, or the key has no scope admin'];
  const { requests, errors, dropped } = figures;
  return [
    `shadow: ${requests} requests compared, ${errors} failed, ${dropped} not copied`,
    ...shadowLines(figures),
  ];
}

type Known = Pick<ModelStatus, 'model' | 'aliases' | 'damage' | 'running' | 'unfinished'>;

async function nextOf(
  target: Target,
  { model, aliases, damage, running, unfinished }: Known,
  entries: readonly JournalEntry[],
): Promise<string> {
  if (damage !== null && aliases?.canary === undefined) return repairLine(target, model, aliases, entries);
  if (running !== null)
    return `nothing; wait until that run ends, or its lock expires, and ask again: ${nextCommand(target, 'deploy', '--status', model)}`;
  if (aliases?.canary !== undefined)
    return `to remove the canary, which no run watches any more: ${rollbackLine(target, model)}`;
  if (unfinished !== null) {
    return afterKilled(aliases ?? {}, entries);
  }
  const ended = entries.findLast(({ event }) => event === 'ended' || event === 'command');
  const advice = ended?.details?.next;
  if (aliases === null) {
    const look = `nothing answers yet; to see the runs: ${nextCommand(target, 'deploy', '--history', model)}`;
    return typeof advice === 'string' ? `${look}; to go on, ${advice}` : look;
  }
  if (typeof advice === 'string') return `nothing that clients need; ${advice}`;
  const { shadow } = aliases;
  if (ended?.outcome === 'failed')
    return 'nothing that clients need; run the retraining again once the above is settled';
  return shadow === undefined
    ? 'nothing'
    : `nothing that clients need; to end the shadow, if its gate refuses it: ${endShadowLine(target, model)}; to have it judged, and promoted: ${promoteLine(target, model, shadow.version)}`;
}

/** A killed run has changed nothing that clients see, or it has promoted a version that it could not confirm. */
function afterKilled({ production }: Partial<Aliases>, entries: readonly JournalEntry[]): string {
  const killed = unfinishedRun(entries)!;
  const command = killed[0]!.details?.command;
  const same = typeof command === 'string' ? `: ${command}` : '';
  const { before, challenger } = foundBy(killed);
  if (changedAfter(entries, killed[0]!) !== undefined) {
    const recall = challenger === undefined ? undefined : recallOf(entries, challenger);
    if (recall !== undefined)
      return `nothing that clients need; wait for other rows, as the same would make ${challenger} again, which the gate recalled refuses; or, if the ${recall.run} was a mistake${same || ': the same retraining with'} --accept recalled`;
    return `nothing that clients need; the next retraining undoes that run, as a command has changed the aliases since${same}`;
  }
  if (challenger === production && challenger !== before?.production)
    return `${production} answers, but that run was killed before it had confirmed it; to go on, which confirms it or takes it back${same || ': the same retraining again'}`;
  return `nothing that clients need; the next retraining resumes that run, if it is the same, or undoes it${same}`;
}
