/** Parsers of flags, which check the values, and texts for `--help`. */
import { InvalidArgumentError } from 'commander';
import { InputError } from '../../shared/errors.ts';
import { ModelName } from '../../shared/manifest.ts';

/** Parses a TCP port; 0 stands for any free one. */
export function parsePort(text: string): number {
  return wholeNumber(text, 65_535);
}

/** Parses a seed: an integer in [0, 2^32). */
export function parseSeed(text: string): number {
  return wholeNumber(text, 2 ** 32 - 1);
}

/** Parses a number of threads, from 1 to 1024. */
export function parseThreads(text: string): number {
  return wholeNumber(text, 1024, 1);
}

/** Parses a width of codes, from 1 to 65,536. */
export function parseDimensions(text: string): number {
  return wholeNumber(text, 65_536, 1);
}

/** Parses a number of trials, from 1 to 10,000. */
export function parseTrials(text: string): number {
  return wholeNumber(text, 10_000, 1);
}

/** Parses a number of days, such as `30d`. */
export function parseDays(text: string): number {
  const days = Number(/^(\d+)d$/.exec(text)?.[1]);
  if (days >= 1) return days;
  throw new InvalidArgumentError('expected a number of days, for instance 30d.');
}

/** Parses the address of a monitor. */
export function parseUrl(text: string): string {
  if (URL.canParse(text)) return text;
  throw new InvalidArgumentError('expected a URL, for instance https://hc-ping.com/<id>.');
}

/** Parses the name of a model, before a run does anything under a wrong one. */
export function parseModelName(text: string): string {
  const { error } = ModelName.safeParse(text);
  if (error === undefined) return text;
  throw new InvalidArgumentError(error.issues[0]!.message);
}

function wholeNumber(text: string, max: number, min = 0): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}.`);
}

/** Parser of a number in (low, high]. */
export function numberIn(low: number, high: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value > low && value <= high) return value;
    throw new InvalidArgumentError(`expected a number above ${low} and up to ${high}.`);
  };
}

/** Parses the pairs of `--query`. @throws {InputError} for one that is not `key=value`. */
export function keyValues(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=');
      if (at <= 0) throw new InputError(`--query ${pair}: expected key=value, as in top=1`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

type Summarised = Readonly<Record<string, { readonly summary: string }>>;

/** Lists the entries of a registry with their summaries: `local (this machine), cloudflare (...)`. */
export function summaries(registry: Summarised): string {
  return Object.entries(registry)
    .map(([name, { summary }]) => `${name} (${summary})`)
    .join(', ');
}

/** Lists the entries of a registry with their summaries, one per line, for the end of `--help`. */
export function summaryLines(registry: Summarised): string {
  const width = Math.max(...Object.keys(registry).map((name) => name.length));
  return Object.entries(registry)
    .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
    .join('\n');
}
