/** The command line of a run as it was given, for whoever is to run it again. */
import { InterruptedError, nextOf } from '../../shared/errors.ts';
import { shellWord } from '../../shared/shellWord.ts';
import { sql } from '../../training/data/sources/sql.ts';
import { commandLine } from '../cli/places.ts';

/** A command as it was given. */
export interface Given {
  /** The whole line, with every flag. */
  readonly line: string;
  /** True if the command trains, and so takes settings and a seed. */
  readonly trains: boolean;
}

/** Stand for what may hold a secret, in a line that is stored. */
const SAME_SQL = '<the same SQL>';
const SAME_URL = '<the same URL>';

/** The command of this process, with its flags. */
export function given(
  command: 'retrain' | 'publish' | 'deploy',
  flags: readonly string[] = process.argv.slice(2),
): Given {
  const word = (flag: string, index: number) => {
    const [, name = '', value = ''] = /^(--[\w-]+=)?(.*)$/s.exec(flag) ?? [];
    if (sql.recognises(value)) return `${name}${shellWord(SAME_SQL)}`;
    // Who has the address of a monitor can answer for this run.
    if (name === '--ping=' || flags[index - 1] === '--ping') return `${name}${shellWord(SAME_URL)}`;
    return shellWord(flag);
  };
  return { line: [commandLine(command), ...flags.map(word)].join(' '), trains: command === 'retrain' };
}

/** The next step after an error: its own, or the same command again. After an interruption, nothing has to be settled. */
export function nextAfter(error: unknown, command: Pick<Given, 'line'>): string {
  return (
    nextOf(error) ??
    (error instanceof InterruptedError ? `to run it again: ${command.line}` : onceSettled(command))
  );
}

/** Advice after a failure that the error describes, but knows no command for. */
export function onceSettled({ line }: Pick<Given, 'line'>): string {
  return `once the above is settled: ${line}`;
}
