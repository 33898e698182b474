/** Taking back what a run has done: production is what it was, and nothing half uploaded is left. */
import type { Aliases } from '../../shared/aliases.ts';
import { changeAliases, readAliases, shown } from './aliases.ts';
import type { State } from './context.ts';
import { isStored } from './stored.ts';
import type { Target } from './targets/target.ts';

export interface UndoOptions {
  readonly target: Target;
  readonly model: string;
  readonly state: State;
  /** Whether a challenger that answers all requests goes on doing so: it had passed every check before. */
  readonly keepPromoted: boolean;
  readonly print: (line: string) => void;
}

/** Answers whether the challenger is in production afterwards. Does nothing where nothing is left to do. */
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
    : withoutCanary(aliases, challenger);
  if (to !== aliases) {
    if (to === undefined) await bucket.delete(key);
    else {
      await changeAliases(bucket, { key, model, from, to });
      await release.follow(model, to);
    }
    print(`${key}: back to ${shown(to)}`);
  }
  await removePartial(target, model, challenger, print);
  return isPromoted && keepPromoted;
}

/** The same object where the canary is another version, or there is none. */
function withoutCanary(aliases: Aliases | undefined, version: string): Aliases | undefined {
  if (aliases?.canary?.version !== version) return aliases;
  const { canary: _, ...others } = aliases;
  return others;
}

/** A version whose upload was not finished has no manifest: nothing can answer by it, and nothing needs it. */
async function removePartial(
  { bucket }: Target,
  model: string,
  version: string,
  print: (line: string) => void,
): Promise<void> {
  if (await isStored(bucket, model, version)) return;
  const { objects } = await bucket.list({ prefix: `${model}/${version}/` });
  for (const { key } of objects) await bucket.delete(key);
  if (objects.length > 0) print(`${model}/${version}: removed, its upload was not finished`);
}
