/** The state that a failed run leaves: what is in force, what was undone, and what to do next. */
import { commandLine } from '../cli/places.ts';
import { readAliases, shown } from './aliases.ts';
import type { RunState } from './context.ts';
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
  /** True if the run may have changed what Workers see; otherwise there is nothing to undo. */
  readonly hasChanged: boolean;
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
  hasChanged,
  next,
  record,
  print = () => undefined,
}: AftermathOptions): Promise<Aftermath> {
  const before = state.before === null ? `no version of ${model}` : shown(state.before);
  const undone: string[] = [];
  if (hasChanged) {
    try {
      await undo({
        ...{ target, model, state, keepPromoted: false },
        print: (line) => {
          undone.push(line);
          print(line);
        },
      });
    } catch (error) {
      undone.push('the rest is not, and the next run tries again');
      return {
        inForce: `not known, as undoing the run failed (${reasonOf(error)}); before it: ${before}`,
        ...{ undone, next: afterFailedUndo(target, model) },
      };
    }
  }
  const notes: string[] = [];
  await record?.().catch((error: unknown) => {
    notes.push(`; the journal lacks the end of this run (${reasonOf(error)}), which the next run adds`);
  });
  const now = hasChanged
    ? await readAliases(target.bucket, target.release.key(model)).then(
        ({ aliases }) => (aliases === undefined ? `no version of ${model}` : shown(aliases)),
        () => `${before}, as far as is known`,
      )
    : before;
  const same = now === before ? ', as before this run' : '';
  return { inForce: `${now}${same}${notes.join('')}`, undone, next };
}

/** To roll back is right only if Workers still see the challenger, which shows once the store answers. */
function afterFailedUndo({ name }: Target, model: string): string {
  return `once the store answers, to see what is in force and what is due: ${commandLine('deploy')} --status ${model} --target ${name}`;
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
