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
  const best = Math.max(...results.map(({ median }) => median));
  const rows = results.map(
    ({ name, median }) =>
      `| ${name.split('/')[1]} | ${Math.round(median).toLocaleString('en-US')} | ${(median / best).toPrecision(2)} |`,
  );
  const note = ratios
    .map(({ name, value }) => `${name.replaceAll(/[a-z0-9-]+\//g, '')} ${value.toFixed(2)}x`)
    .join('; ');
  return [
    '| 784-128-32-128-784, batch 256 | samples/s | of the best |',
    '|---|---|---|',
    ...rows,
    '',
    `Medians of ${results[0]!.runs} runs on ${machine.cores} cores (${machine.cpu}, Node ${machine.node}). ${note}.`,
  ].join('\n');
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

await run(program);
