/** Whole commands in processes of their own: their time, their peak of memory, and when they printed what. */
import { spawn } from 'node:child_process';

export interface CommandRun {
  /** From the start of the process to its end. */
  readonly seconds: number;
  readonly peakBytes: number;
  /** Lines on stdout, each with the seconds after which it came. */
  readonly lines: readonly { readonly text: string; readonly seconds: number }[];
}

const PEAK = 'peak bytes ';

/** Flags of Node that run a script and, at the end, print the peak of memory. */
export function withPeak(script: readonly string[]): string[] {
  const atExit = `process.once('exit', () => console.log('${PEAK}' + process.resourceUsage().maxRSS * 1024))`;
  return [...process.execArgv, '--import', `data:text/javascript,${encodeURIComponent(atExit)}`, ...script];
}

/**
 * Runs a command whose last line is its peak, such as `peak bytes 1048576`.
 * @throws {Error} with its last line, if it fails.
 */
export async function runCommand(command: string, flags: readonly string[]): Promise<CommandRun> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const child = spawn(command, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: { text: string; seconds: number }[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const whole = (rest + text).split('\n');
    rest = whole.pop()!;
    for (const line of whole) lines.push({ text: line, seconds: seconds() });
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const last = lines.at(-1)?.text ?? '';
  if (code !== 0) throw new Error(`${command} ${flags.join(' ')} ended with ${code}: ${last}`);
  return { seconds: seconds(), peakBytes: Number(last.replace(PEAK, '')), lines };
}
