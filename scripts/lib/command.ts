/** What every command shares: flags, JSON output, error rendering and exit codes. */
import { Command, CommanderError } from 'commander';
import { GateError, InputError } from '../../shared/errors.ts';

export const EXIT = { done: 0, failed: 1, badInput: 2, refused: 3, interrupted: 130 } as const;

/** A command with the conventions of this project: `--json`, and exit code 2 for usage errors. */
export function command(name: string, description: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .option('--json', 'print one JSON object on stdout and nothing else there')
    .showHelpAfterError('(add --help for the list of flags)')
    .exitOverride();
}

/** Parses `process.argv`, runs the command's action and sets the exit code: the one place where errors are rendered. */
export async function run(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (!(error instanceof CommanderError)) process.stderr.write(`${render(error)}\n`);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badInput;
  if (error instanceof InputError) return EXIT.badInput;
  if (error instanceof GateError) return EXIT.refused;
  return EXIT.failed;
}

/** Expected errors in one line with their causes; unexpected ones with the stack, since they are our defects. */
function render(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  if (!(error instanceof InputError || error instanceof GateError))
    return `error: ${error.stack ?? error.message}`;
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes.push(cause.message);
  return ['error: ', error.message, ...causes.map((message) => ` (${message})`)].join('');
}

/** Prints progress and summaries for people: stdout normally, nothing with `--json`. */
export function printer(json: boolean | undefined): (line: string) => void {
  return json ? () => undefined : (line) => console.log(line);
}
