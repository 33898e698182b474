/** Flags of `npm run deploy` that show or change which version of a model answers. */

import type { Aliases } from '../../shared/aliases.ts';
import { newestArtifacts } from '../cli/artifacts.ts';
import { EXIT, printer } from '../cli/command.ts';
import { printAside } from '../cli/printable.ts';
import type { WaitingProgress } from '../cli/progress.ts';
import { StoreFailure } from '../store/s3Errors.ts';
import { given as givenCommand } from './again.ts';
import { shown } from './aliases.ts';
import { type ChangedAliases, ofStore } from './changeByHand.ts';
import { endShadow, historyOf, promote, rollBack } from './control.ts';
import { historyLines } from './historyLines.ts';
import { notKnown } from './inForce.ts';
import { localHint, withLocalHint } from './localHint.ts';
import { promoteLine } from './lostAliases.ts';
import { missingText } from './missingBucket.ts';
import { nextCommand } from './nextCommand.ts';
import type { ReleaseName } from './release/registry.ts';
import { statusOf } from './status.ts';
import { TARGETS, type TargetName } from './targets/registry.ts';
import type { Target } from './targets/target.ts';
import { commandUnopened } from './unopened.ts';

const COMMANDS = {
  status,
  history,
  rollback,
  promote: promoted,
  endShadow: shadowEnded,
} as const satisfies Record<
  string,
  (
    target: Target,
    given: string | undefined,
    flags: PromotionFlags,
    hide: () => void,
  ) => Promise<ControlReply>
>;

export type ControlName = keyof typeof COMMANDS;

/** Each flag is undefined if it is not given, and true if it is given without a value. */
export type ControlFlags = { readonly [name in ControlName]?: string | true } & {
  readonly target: TargetName;
  readonly release?: ReleaseName;
  readonly replaceCode: boolean;
} & PromotionFlags;

interface PromotionFlags {
  readonly accept: readonly string[];
  readonly json?: boolean;
}

interface ControlReply {
  readonly lines: readonly string[];
  readonly json: unknown;
  /** True if something that answers requests must be repaired. */
  readonly isBroken?: boolean;
}

/**
 * Runs the command of a flag.
 * @param progress Shown until there is an answer.
 */
export async function control(
  name: ControlName,
  flags: ControlFlags,
  { hide, stop }: WaitingProgress,
): Promise<void> {
  const given = flags[name];
  const options = {
    url: undefined,
    release: flags.release,
    replaceCode: flags.replaceCode,
    dryRun: false,
    serves: false,
    reads: name === 'status' || name === 'history',
    // Where there is none, it has nothing to show or to change.
    makes: false,
    // Whom it waits for, for instance, is no part of what is asked for.
    print: (line: string) => {
      hide();
      printAside(line);
    },
  };
  const model = given === true ? undefined : given?.split('@')[0];
  let target = await TARGETS[flags.target].open(options).catch(async (error: unknown) => {
    const told = await commandUnopened(error, {
      ...{ target: flags.target, release: flags.release, command: givenCommand('deploy') },
      // That the disk takes no writes is what the error says.
      ...{ print: () => undefined, ...(model !== undefined && { model }) },
    });
    throw withLocalHint(told, flags.target);
  });
  const reply = () => COMMANDS[name](target, given === true ? undefined : given, flags, hide);
  try {
    const {
      lines,
      json,
      isBroken = false,
    } = await reply().catch(async (error: unknown) => {
      if (!(error instanceof StoreFailure && options.reads) || target.copied === undefined)
        throw ofStore(error);
      target = await target.copied();
      return reply();
    });
    stop();
    for (const line of lines) printer(flags.json)(line);
    if (flags.json) console.log(JSON.stringify(json));
    if (isBroken) process.exitCode = EXIT.failed;
  } finally {
    await target.close();
  }
}

async function status(target: Target, given: string | undefined): Promise<ControlReply> {
  const models = await statusOf(target, given);
  const lines = models.flatMap(
    ({
      model,
      aliases,
      damage,
      since,
      shadow,
      running,
      unfinished,
      damagedLock,
      damagedHistory,
      last,
      next,
    }) => [
      `${model}: ${inForceText(aliases, damage)}`,
      ...(aliases === null || damage === null
        ? []
        : [`  damaged: ${damage}; Workers that have loaded it go on, others cannot`]),
      ...(since === null ? [] : [`  since: ${since}`]),
      ...shadow.map((line) => `  ${line}`),
      ...(running === null ? [] : [`  in progress: ${running}`]),
      ...(unfinished === null ? [] : [`  killed: run ${unfinished}`]),
      ...(damagedLock === null ? [] : [`  lock: ${damagedLock}`]),
      ...damagedHistory.map((key) => `  ${damagedLine(key)}`),
      ...(last === null || last === since ? [] : [`  last: ${last}`]),
      `  next: ${next}`,
    ],
  );
  return {
    lines: lines.length === 0 ? [await noneText(target)] : lines,
    json: { models, ...(target.missing !== undefined && { missing: target.missing }) },
    isBroken: target.missing !== undefined || models.some(({ damage }) => damage !== null),
  };
}

function inForceText(aliases: Aliases | null, damage: string | null): string {
  if (aliases !== null) return shown(aliases);
  return damage === null ? 'nothing in production' : notKnown(damage);
}

async function noneText(target: Target): Promise<string> {
  const [trained] = await newestArtifacts();
  const publish =
    trained === undefined
      ? ''
      : `"${nextCommand(target, 'publish', trained.name)}" one that is on this disk, `;
  const gone = target.missing === undefined ? '' : `${await missingText(target.missing)}; `;
  const hint = localHint(target.name);
  return `${gone}there is no model in production with --target ${target.name}: "${nextCommand(target, 'retrain', '<recipe>')}" publishes one, ${publish}"${nextCommand(target, 'models', 'restore', '<folder>')}" a backup${hint === undefined ? '' : `; ${hint}`}`;
}

async function history(target: Target, given: string | undefined): Promise<ControlReply> {
  const { entries, damaged, ...known } = await historyOf(target, given);
  return {
    lines: [...historyLines(entries, known), ...damaged.map(damagedLine)],
    json: { entries, damaged },
  };
}

/** Damaged history changes nothing that is in force. */
function damagedLine(key: string): string {
  return `damaged history: ${key} cannot be read, and what it told is left out; clients are served as before, runs and commands go on without it`;
}

async function rollback(target: Target, given: string | undefined): Promise<ControlReply> {
  const changed = await rollBack(target, given);
  const { model, aliases } = changed;
  const before = changed.before!;
  const done =
    before.canary === undefined
      ? `back from ${before.production}, which "${promoteLine(target, model, before.production)}" promotes again; a further --rollback has no version to return to`
      : `removed the canary ${before.canary.version}, production stays; ${before.previous ? `a further --rollback returns to ${before.previous}` : 'a further --rollback has no version to return to'}`;
  return { lines: [`${model}: ${done}`, `${model}: ${shown(aliases)}`], json: changed };
}

async function promoted(
  target: Target,
  given: string | undefined,
  { accept, json }: PromotionFlags,
  hide: () => void,
): Promise<ControlReply> {
  const print = (line: string) => {
    hide();
    printer(json)(line);
  };
  return changedReply(await promote(target, given, { accept, print }));
}

async function shadowEnded(target: Target, given: string | undefined): Promise<ControlReply> {
  return changedReply(await endShadow(target, given));
}

function changedReply(changed: ChangedAliases): ControlReply {
  return { lines: [`${changed.model}: ${shown(changed.aliases)}`], json: changed };
}
