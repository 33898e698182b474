/** Commands that are printed as the next step: they reach the same store again, whatever the defaults are. */
import { commandLine, workerEnvironment } from '../cli/places.ts';

/** A target, as flags choose it. */
export interface Addressed {
  /** The value of `--target`. */
  readonly name: string;
  /** The value of `--release`; undefined if it was not given. */
  readonly givenRelease?: string;
}

/** Returns a command with the flags that choose the target, and the environment, of this one. */
export function nextCommand(
  { name, givenRelease }: Addressed,
  command: 'deploy' | 'models' | 'publish' | 'retrain',
  ...words: readonly string[]
): string {
  return [
    ...[commandLine(command), ...words, '--target', name],
    ...(givenRelease === undefined ? [] : ['--release', givenRelease]),
    ...environmentFlag(),
  ].join(' ');
}

/** Returns the command that deploys the Worker itself: to the account, in the environment of this command. */
export function deployCommand(): string {
  const flags = environmentFlag();
  // npm's separator is for flags.
  return flags.length === 0
    ? commandLine('deploy').replace(/ --$/, '')
    : [commandLine('deploy'), ...flags].join(' ');
}

function environmentFlag(): string[] {
  const environment = workerEnvironment();
  return environment === undefined ? [] : ['--env', environment];
}
