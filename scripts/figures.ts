/** `npm run figures`: measures the demo and the benchmark that the README shows and writes them there. */
import { execFileSync } from 'node:child_process';
import type { BenchReport } from './bench/report.ts';
import { command, printer, run } from './lib/command.ts';
import { updatePage } from './lib/sections.ts';

const README = 'README.md';

const program = command(
  'figures',
  'Measure the demo and the benchmark that the README shows, and write them there. Takes some minutes.',
).action(({ json }: { json?: boolean }) => {
  const print = printer(json);
  const sections = {
    demo: fenced('text', shortened(npm(print, ['demo', '--', '--exit']))),
    training: trainingTable(JSON.parse(npm(print, ['bench', '--', 'training', '--json'])) as BenchReport),
  };
  updatePage(README, sections);
  if (json) console.log(JSON.stringify({ file: README, sections: Object.keys(sections) }));
});

function npm(print: (line: string) => void, args: readonly string[]): string {
  print(`npm run ${args.join(' ')}`);
  return execFileSync('npm', ['run', '--silent', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The demo's output with most of its epochs left out, and without blank lines that braille leaves. */
function shortened(output: string): string {
  const lines = output.trimEnd().split('\n');
  const epochs = lines.filter((line) => line.startsWith('epoch'));
  const left = new Set(epochs.slice(2, -1));
  return lines
    .flatMap((line) => (line === epochs[2] ? ['...'] : left.has(line) ? [] : [line.trimEnd()]))
    .join('\n');
}

function trainingTable({ machine, results, ratios }: BenchReport): string {
  // What memory is measured for are its ratios, below.
  const speeds = results.filter(({ unit }) => unit === 'samples/s');
  const rows = speeds.map(({ name, median, unit }) => {
    const [model, contender] = name.split('/');
    return `| ${model} | ${contender} | ${Math.round(median).toLocaleString('en-US')} ${unit} |`;
  });
  const compared = ratios.map(({ name, value, direction, target, pass }) => {
    return `- ${name}: ${twoDigits(value)}x, target ${direction} ${target}${pass ? '' : ' (missed)'}`;
  });
  return [
    '| model, batches of 256 | contender | median |',
    '|---|---|---|',
    ...rows,
    '',
    ...compared,
    '',
    `${speeds[0]!.runs} runs each on ${machine.cores} cores (${machine.cpu}, Node ${machine.node}).`,
  ].join('\n');
}

/** Ratios of medians on a shared machine are good for about two digits. */
function twoDigits(value: number): string {
  return value >= 10 ? String(Math.round(value)) : value.toPrecision(2);
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

await run(program);
