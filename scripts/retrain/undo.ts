/** Undoing a run: restoring production, and deleting incomplete uploads. */
import type { Aliases } from '../../shared/aliases.ts';
import { listAll } from '../store/bucket.ts';
import { changeAliases, readAliases, shown, withoutShadowOf } from './aliases.ts';
import type { RunState } from './context.ts';
import { isStored } from './stored.ts';
import type { Target } from './targets/target.ts';

export interface UndoOptions {
  readonly target: Target;
  readonly model: string;
  readonly state: RunState;
  /** True to keep a challenger that is in production already, because it had passed every check before. */
  readonly keepPromoted: boolean;
  readonly print: (line: string) => void;
}

/** Undoes a run, and may be repeated. Returns true if the challenger is in production afterwards. */
export async function undo({ target, model, state, keepPromoted, print }: UndoOptions): Promise<boolean> {
  const { challenger, before } = state;
  if (challenger === undefined || challenger === before?.production) return false;
  const { bucket, release } = target;
  const key = release.key(model);
  const from = await readAliases(bucket, key);
  const { aliases } = from;
  const isPromoted = aliases?.production === challenger;
  const to = isPromoted
    ? keepPromoted
      ? aliases
      : (before ?? undefined)
    : withoutChallenger(aliases, challenger);
  if (to !== aliases) {
    if (to === undefined) await bucket.delete(key);
    else await changeAliases(bucket, { key, model, from, to });
    const later = await release.follow(model, to);
    print([`${key}: back to ${shown(to)}`, ...(later === undefined ? [] : [later])].join('; '));
  }
  if (!isPromoted || !keepPromoted) await release.withdraw(model, challenger);
  await removePartial(target, model, challenger, print);
  return isPromoted && keepPromoted;
}

/** Returns the aliases without a canary or shadow of this version, or the same object if it is neither. */
function withoutChallenger(aliases: Aliases | undefined, version: string): Aliases | undefined {
  const visible = aliases && withoutShadowOf(aliases, version);
  if (visible?.canary?.version !== version) return visible;
  const { canary: _, ...others } = visible;
  return others;
}

/** Deletes a version whose upload was not finished: without a manifest, it cannot answer. */
async function removePartial(
  { bucket }: Target,
  model: string,
  version: string,
  print: (line: string) => void,
): Promise<void> {
  if (await isStored(bucket, model, version)) return;
  const { keys } = await listAll(bucket, { prefix: `${model}/${version}/` });
  for (const key of keys) await bucket.delete(key);
  if (keys.length > 0) print(`${model}/${version}: deleted, because its upload was not finished`);
}
