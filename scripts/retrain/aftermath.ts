/** The state that a failed run leaves: what is in force, what was undone, and what to do next. */
import { shown } from './aliases.ts';
import type { RunState } from './context.ts';
import { inForceInCopy, inForceOf, notKnown } from './inForce.ts';
import { type Addressed, nextCommand } from './nextCommand.ts';
import { reasonOf } from './reason.ts';
import type { Target } from './targets/target.ts';
import { undo } from './undo.ts';

export interface Aftermath {
  /** The versions that answer, for people. */
  readonly inForce: string;
  readonly undone: readonly string[];
  /** The next step for people, with its command. */
  readonly next: string;
}

export interface AftermathOptions {
  readonly target: Target;
  readonly model: string;
  readonly state: RunState;
  /** What the run may have changed: clients see only the aliases. */
  readonly changed: 'nothing' | 'uploads' | 'aliases';
  /** The next step, if undoing succeeds. */
  readonly next: string;
  /** Records the end of the run in the journal, once it is undone. */
  readonly record?: () => Promise<unknown>;
  readonly print?: (line: string) => void;
}

/** Undoes a run as far as possible, and tells what is left. Never rejects. */
export async function aftermathOf({
  target,
  model,
  state,
  changed,
  next,
  record,
  print = () => undefined,
}: AftermathOptions): Promise<Aftermath> {
  const before = state.before === null ? `no version of ${model}` : shown(state.before);
  const undone: string[] = [];
  if (changed !== 'nothing') {
    try {
      await undo({
        ...{ target, model, state, keepPromoted: false },
        print: (line) => {
          undone.push(line);
          print(line);
        },
      });
    } catch (error) {
      const failure = `undoing the run failed (${reasonOf(error)})`;
      if (changed === 'uploads') {
        undone.push(
          `no alias was changed yet; what was uploaded is left, as ${failure}: the next run removes it`,
        );
        return { inForce: `${before}, as before this run`, undone, next };
      }
      undone.push(
        `${undone.length === 0 ? 'nothing so far' : 'the rest is not'}, and the next run tries again`,
      );
      const left = { undone, next: afterFailedUndo(target, model) };
      const copy = await inForceInCopy(target, model);
      if (copy?.isKnown) return { inForce: `${copy.text}; ${failure}`, ...left };
      const maybe = state.challenger === undefined ? '' : `; ${state.challenger} may answer`;
      return {
        inForce: `${notKnown(failure)}${maybe}; before this run: ${before}`,
        ...left,
      };
    }
  }
  const notes: string[] = [];
  await record?.().catch((error: unknown) => {
    notes.push(`; the journal lacks the end of this run (${reasonOf(error)}), which the next run adds`);
  });
  const now = changed === 'nothing' ? before : await nowOf(target, model, before);
  const same = now === before ? ', as before this run' : '';
  return { inForce: `${now}${same}${notes.join('')}`, undone, next };
}

/** Just now the store has answered: if it no longer does, what was before is the best guess. */
async function nowOf(target: Target, model: string, before: string): Promise<string> {
  const { text, isRead } = await inForceOf(target, model);
  return isRead ? text : `${before}, as far as is known`;
}

/** To roll back is right only if Workers still see the challenger, which shows once the store answers. */
export function afterFailedUndo(target: Addressed, model: string): string {
  return `once the store answers and takes the key, to see what is in force and what is due: ${nextCommand(target, 'deploy', '--status', model)}`;
}

/** True if the message of an error tells what is in force already. */
export function isTold(error: unknown): boolean {
  return error instanceof Error && error.message.includes('\nin force: ');
}

/** Returns the error with what the run leaves in its message, of the same kind and with the same causes. */
export function withAftermath(error: unknown, { inForce, undone, next }: Aftermath): unknown {
  if (!(error instanceof Error)) return error;
  const causes: string[] = [];
  for (let { cause } = error; cause instanceof Error; cause = cause.cause) causes.push(` (${cause.message})`);
  error.message = [
    `${error.message}${causes.join('')}`,
    `in force: ${inForce}`,
    `undone: ${undone.join('; ') || 'nothing, as nothing was changed'}`,
    `next: ${next}`,
  ].join('\n');
  error.cause = undefined;
  return error;
}
