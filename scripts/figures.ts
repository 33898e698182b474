/** `npm run figures`: measures every figure that the README shows and writes it there. */
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { BenchReport } from './bench/report.ts';
import { command, printer, run } from './lib/command.ts';
import { fillSections } from './lib/sections.ts';

const README = 'README.md';

const program = command(
  'figures',
  'Measure every figure in the README and write it there. Takes some minutes.',
)
  .option('--data <folder>', 'the four MNIST files', '../shared/data/mnist')
  .action(({ data, json }: { data: string; json?: boolean }) => {
    const print = printer(json);
    const sections = {
      demo: fenced('text', shortened(npm(print, ['demo', '--', '--exit']))),
      mnist: mnistTable(print, data),
      training: trainingTable(JSON.parse(npm(print, ['bench', '--', 'training', '--json'])) as BenchReport),
    };
    writeFileSync(`${README}.new`, fillSections(readFileSync(README, 'utf8'), sections));
    renameSync(`${README}.new`, README);
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

function mnistTable(print: (line: string) => void, data: string): string {
  const rows = [5, 10].map((epochs) => {
    const args = ['train', '--', 'mnist', '--data', data, '--json', '--set', `epochs=${epochs}`];
    const { metrics, baselines, seconds } = JSON.parse(npm(print, args));
    const figures = [metrics['binary-cross-entropy'], metrics.mse, baselines.pca.mse].map((value) =>
      value.toFixed(4),
    );
    return `| ${epochs} | ${figures.join(' | ')} | ${seconds.toFixed(0)} s |`;
  });
  return [
    '| epochs | test BCE | test MSE | test MSE of PCA-32 | time |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
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
