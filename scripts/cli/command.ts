/** Conventions of every command: flags, JSON output, error rendering and exit codes. */
import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import {
  BusyError,
  DivergedError,
  GateError,
  InputError,
  InterruptedError,
  nextOf,
  StorageError,
} from '../../shared/errors.ts';
import { asStorageError } from '../../training/files.ts';
import { delayOptimizedWasm } from './delayOptimizedWasm.ts';
import { commandLine } from './places.ts';
import { printAside, printable } from './printable.ts';
import { withShortSql } from './shortened.ts';
import { handleStopSignals, isStopping } from './signals.ts';

export const EXIT = { done: 0, failed: 1, badInput: 2, refused: 3, busy: 4, interrupted: 130 } as const;

/** Creates a command with the conventions of this project: `--json`, and exit code 2 for usage errors. */
export function command(name: string, description: string): Command {
  return new Command(commandLine(name))
    .description(description)
    .option('--json', 'print one JSON object on stdout and nothing else there')
    .showHelpAfterError('(add --help for the list of flags)')
    .exitOverride();
}

/**
 * Parses `process.argv`, runs the action and sets the exit code. This is the only place where errors are
 * rendered.
 */
export async function run(program: Command): Promise<void> {
  delayOptimizedWasm();
  handleStopSignals();
  process.stdout.on('error', outputLost);
  process.stderr.on('error', outputLost);
  try {
    await program.parseAsync();
  } catch (thrown) {
    const error = asStorageError(thrown);
    process.exitCode = exitCodeOf(error);
    if (error instanceof CommanderError) process.stderr.write(await settingHint(error, program));
    else printAside(render(error));
    // What was abandoned, such as a version that is being frozen, must not keep whoever has asked to stop.
    if (error instanceof InterruptedError) process.exit();
  }
}

/** A hint for a setting that was given as a flag, such as `--epochs`; empty for any other error. */
async function settingHint({ code, message }: CommanderError, { options }: Command): Promise<string> {
  const flag = /'--([^'=]+)/.exec(message)?.[1];
  if (code !== 'commander.unknownOption' || flag === undefined) return '';
  if (!options.some(({ long }) => long === '--set')) return '';
  const name = flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  // Few commands need the settings, and those only here.
  const { settingNames } = await import('../../training/settings.ts');
  return settingNames().includes(name) ? `${name} is a setting: --set ${name}=<value>\n` : '';
}

/** Ends the process, as its output goes nowhere; one that was asked to stop first undoes what it has begun. */
function outputLost(error: NodeJS.ErrnoException): void {
  // The reader has closed it, as `| head` does, or the terminal was closed, which also sends SIGHUP.
  if (error.code === 'EPIPE' || error.code === 'EIO') {
    if (isStopping()) return;
    process.exit();
  }
  printAside(render(asStorageError(error, 'standard output')));
  process.exit(EXIT.failed);
}

/** Expected errors with their exit codes. Any other error is a bug. */
const EXPECTED = [
  [InputError, EXIT.badInput],
  [GateError, EXIT.refused],
  [BusyError, EXIT.busy],
  [InterruptedError, EXIT.interrupted],
  [DivergedError, EXIT.failed],
  [StorageError, EXIT.failed],
] as const;

function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError || error instanceof InputError) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badInput;
  return EXPECTED.find(([type]) => error instanceof type)?.[1] ?? EXIT.failed;
}

/** Renders an expected error in one line with its causes, an unexpected one with its stack. */
function render(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  if (!EXPECTED.some(([type]) => error instanceof type)) return `error: ${inspect(error)}`;
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes.push(cause.message);
  const next = nextOf(error);
  // A run that has told what it leaves has told what is next, too.
  const advice = next === null || error.message.includes('\nnext: ') ? '' : `\nnext: ${next}`;
  return withShortSql(
    ['error: ', error.message, ...causes.map((message) => ` (${message})`), advice].join(''),
  );
}

/** Returns the printer of progress and summaries: it prints to stdout, or nothing with `--json`. */
export function printer(json: boolean | undefined): (line: string) => void {
  return json ? () => undefined : (line) => console.log(printable(line));
}
