/** `npm run figures`: measures the demo and the benchmarks that the README shows and writes them there. */
import { execFileSync } from 'node:child_process';
import { Option } from 'commander';
import { command, printer, run } from './cli/command.ts';
import type { BenchReport } from './measure/bench/benchReport.ts';
import { type Sections, updatePage } from './measure/sections.ts';
import { RUNTIMES } from './worker/runtimes.ts';

const README = 'README.md';
const RUNTIME_PAGE = 'edge/runtime/README.md';

/** What stands between the marks of each name, by page. */
type Pages = Readonly<Record<string, Sections>>;

/** By what is measured for them. */
const SECTIONS = {
  demo: (print) => ({ [README]: { demo: fenced('text', shortened(npm(print, ['demo', '--', '--exit']))) } }),
  training: (print) => ({ [README]: { training: trainingTable(benchReport(print, 'training')) } }),
  edge: (print) => {
    const report = benchReport(print, 'edge');
    return { [README]: { edge: edgeTable(report) }, [RUNTIME_PAGE]: { uploads: uploadsTable(report) } };
  },
} as const satisfies Record<string, (print: (line: string) => void) => Pages>;

type SectionName = keyof typeof SECTIONS;
const NAMES = Object.keys(SECTIONS) as SectionName[];

interface FiguresOptions {
  readonly json?: boolean;
  readonly section: readonly SectionName[];
}

const program = command(
  'figures',
  'Measure the demo and the benchmarks that the README shows, and write them there. Takes some minutes.',
)
  .addOption(new Option('--section <name...>', 'only these').choices(NAMES).default(NAMES, 'all'))
  .action(({ json, section }: FiguresOptions) => {
    const print = printer(json);
    const pages = section.flatMap((name) => Object.entries<Sections>(SECTIONS[name](print)));
    for (const [page, sections] of pages) updatePage(page, sections);
    if (json) console.log(JSON.stringify({ files: [...new Set(pages.map(([page]) => page))] }));
  });

function benchReport(print: (line: string) => void, name: string): BenchReport {
  return JSON.parse(npm(print, ['bench', '--', name, '--json'])) as BenchReport;
}

function npm(print: (line: string) => void, args: readonly string[]): string {
  print(`npm run ${args.join(' ')}`);
  return execFileSync('npm', ['run', '--silent', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The demo's output without most of its epochs and without trailing blanks of its braille pictures. */
function shortened(output: string): string {
  const lines = output.trimEnd().split('\n');
  const epochs = lines.filter((line) => line.startsWith('epoch'));
  const left = new Set(epochs.slice(2, -1));
  return lines
    .flatMap((line) => (line === epochs[2] ? ['...'] : left.has(line) ? [] : [line.trimEnd()]))
    .join('\n');
}

function trainingTable({ machine, results, ratios }: BenchReport): string {
  // Memory appears as ratios only, below the table.
  const speeds = results.filter(({ unit }) => unit === 'samples/s');
  const rows = speeds.map(({ name, median, unit }) => {
    const [model, contender] = name.split('/');
    return `| ${model} | ${contender} | ${Math.round(median).toLocaleString('en-US')} ${unit} |`;
  });
  return [
    '| model, batches of 256 | contender | median |',
    '|---|---|---|',
    ...rows,
    '',
    ...compared(ratios),
    '',
    `${speeds[0]!.runs} runs each on ${machineOf(machine)}.`,
  ].join('\n');
}

function edgeTable({ machine, results, ratios }: BenchReport): string {
  const rows = results.map(({ name, median, unit, runs }) => {
    const value = median >= 100 ? Math.round(median).toLocaleString('en-US') : median.toPrecision(3);
    return `| ${name} | ${value} ${unit} | ${runs} |`;
  });
  return [
    '| what | median | runs |',
    '|---|---|---|',
    ...rows,
    '',
    ...compared(ratios),
    '',
    `On ${machineOf(machine)}.`,
  ].join('\n');
}

function uploadsTable({ results }: BenchReport): string {
  const rows = Object.entries(RUNTIMES).map(([name, { summary }]) => {
    const { median } = results.find((each) => each.name === `upload/${name}`)!;
    return `| \`${name}\` | ${summary} | ${Math.round(median).toLocaleString('en-US')} KiB |`;
  });
  const head = '| `RUNTIME` | what it runs | upload with the digits model, gzip |\n|---|---|---|';
  return [head, ...rows].join('\n');
}

function compared(ratios: BenchReport['ratios']): string[] {
  return ratios.map(({ name, value, direction, target, pass }) => {
    // A ratio of two figures has no unit; a single figure against its bound has one.
    const times = name.includes(' : ') ? 'x' : '';
    return `- ${name}: ${twoDigits(value)}${times}, target ${direction} ${target}${pass ? '' : ' (missed)'}`;
  });
}

function machineOf({ cores, cpu, node }: BenchReport['machine']): string {
  return `${cores} cores (${cpu}, Node ${node})`;
}

/** Ratios of medians on a shared machine are accurate to about two digits. */
function twoDigits(value: number): string {
  return value >= 10 ? String(Math.round(value)) : value.toPrecision(2);
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

await run(program);
