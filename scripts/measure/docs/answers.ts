/**
 * The answers that a page shows, obtained as a reader would obtain them: by training, serving and sending
 * requests.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { chosenArtifacts } from '../../cli/artifacts.ts';
import { serveLocally } from '../../worker/local.ts';

/**
 * A request of a page: the command that trains its model, the command that sends it, and the section for the
 * answer.
 */
interface DocumentedRequest {
  readonly section: string;
  readonly train: string;
  readonly ask: string;
  readonly model: string;
  /** The answer that the page shows; empty if it shows none yet. */
  readonly answer: string;
}

/** The address at which the pages expect the Worker. */
const ADDRESS = 'http://127.0.0.1:8787';
/** The significant digits of numbers that are shown. */
const DIGITS = 4;
const MAX_LINE = 110;

/** Trains the models of a page and sends its requests; returns each answer as the content of its section. */
export async function answersOf(
  page: string,
  print: (line: string) => void,
): Promise<Record<string, string>> {
  const requests = requestsOf(readFileSync(page, 'utf8'));
  const sections: Record<string, string> = {};
  for (const { section, train, ask, model } of requests) {
    print(`${page}: ${section}`);
    await bash(train);
    const artifacts = await chosenArtifacts([`artifacts/${model}`]);
    const worker = await serveLocally(artifacts, { port: 0, host: '127.0.0.1', runtime: 'stock' });
    try {
      const answer = await bash(ask.replace(ADDRESS, worker.url.origin));
      sections[section] = `\`\`\`json\n${shown(JSON.parse(answer))}\n\`\`\``;
    } finally {
      await worker.dispose();
    }
  }
  return sections;
}

/**
 * Finds pairs of command blocks, one that trains and one that sends a request, with an answer after the
 * second.
 */
export function requestsOf(markdown: string): DocumentedRequest[] {
  const found = markdown.matchAll(
    /```sh\n([^`]*npm run train[^`]*)```(?:(?!```)[\s\S])*```sh\n([^`]*curl[^`]*)```\s+<!-- (answer-\w+) -->(?:\s+```json\n([^`]*)```)?/g,
  );
  return [...found].map(([, train, ask, section, answer = '']) => ({
    section: section!,
    train: train!.trim(),
    ask: ask!.trim(),
    answer,
    model: /\/v1\/models\/([\w-]+)\//.exec(ask!)![1]!,
  }));
}

async function bash(command: string): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', command]);
  return stdout;
}

/** JSON with rounded numbers; lines are filled with members as far as they fit. */
export function shown(value: unknown, indent = ''): string {
  const inline = inlineText(value);
  if (indent.length + inline.length <= MAX_LINE || typeof value !== 'object' || value === null) return inline;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((each) => shown(each, inner))
    : Object.entries(value).map(([name, each]) => `"${name}": ${shown(each, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${filled(parts, inner)}\n${indent}${close}`;
}

function filled(parts: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    const joined = `${line}, ${part}`;
    if (line !== undefined && !joined.includes('\n') && indent.length + joined.length <= MAX_LINE)
      lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines.map((line) => `${indent}${line}`).join(',\n');
}

function inlineText(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(DIGITS)));
  if (Array.isArray(value)) return `[${value.map(inlineText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, each]) => `"${name}": ${inlineText(each)}`);
  return `{ ${members.join(', ')} }`;
}
