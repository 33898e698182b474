/** Commands in processes of their own: their time, and the peak of their memory. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Taken {
  readonly seconds: number;
  /** Bytes. */
  readonly peak: number;
}

export interface MeasuredCommand {
  readonly name: string;
  readonly command: string;
  readonly flags: readonly string[];
}

/** The last line that a command prints: the peak of its memory. */
const PEAK = 'peak bytes ';

/** Flags of Node that run a script and, at the end, print the peak of memory. */
export function withPeak(script: readonly string[]): string[] {
  const atExit = `process.once('exit', () => console.log('${PEAK}' + process.resourceUsage().maxRSS * 1024))`;
  return [...process.execArgv, '--import', `data:text/javascript,${encodeURIComponent(atExit)}`, ...script];
}

/** Runs a command. @throws {Error} if it fails. */
export async function measured({ name, command, flags }: MeasuredCommand): Promise<Taken> {
  const started = performance.now();
  const child = spawn(command, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [printed, code] = await Promise.all([text(child.stdout), ended]);
  const seconds = (performance.now() - started) / 1000;
  const last = printed.trimEnd().split('\n').at(-1)!;
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${last}`);
  return { seconds, peak: Number(last.replace(PEAK, '')) };
}
