/** The command line of a run as it was given, for whoever is to run it again. */
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

/** Stands for SQL in a line that is stored: statements may hold secrets. */
const SAME_SQL = '<the same SQL>';

/** The command of this process, with its flags. */
export function given(
  command: 'retrain' | 'publish' | 'deploy',
  flags: readonly string[] = process.argv.slice(2),
): Given {
  const word = (flag: string) => {
    const [, name = '', value = ''] = /^(--[\w-]+=)?(.*)$/s.exec(flag) ?? [];
    return sql.recognises(value) ? `${name}${shellWord(SAME_SQL)}` : shellWord(flag);
  };
  return { line: [commandLine(command), ...flags.map(word)].join(' '), trains: command === 'retrain' };
}

/** Advice after a failure that the error describes, but knows no command for. */
export function onceSettled({ line }: Pick<Given, 'line'>): string {
  return `once the above is settled: ${line}`;
}
