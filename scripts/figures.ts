/** `npm run figures`: measures the demo and the benchmarks, asks the README's requests, and writes the figures into the pages. */
import { execFileSync } from 'node:child_process';
import { Option } from 'commander';
import { command, printer, run } from './cli/command.ts';
import type { BenchReport } from './measure/bench/benchReport.ts';
import { CASES } from './measure/bench/cases/registry.ts';
import { EDGE_CASES } from './measure/bench/edge.ts';
import { MEMORY_CASES } from './measure/bench/memoryCases.ts';
import { answersOf } from './measure/docs/answers.ts';
import { type Sections, updatePage } from './measure/sections.ts';
import { RUNTIMES } from './worker/runtimes.ts';

const README = 'README.md';
const BENCHMARKS = 'docs/benchmarks.md';
const IMAGES = 'docs/images-and-sequences.md';
const PLAYGROUND = 'docs/playground.md';
const RUNTIME = 'docs/frozen-runtime.md';

/** Texts for the marked sections of each page. */
type Pages = Readonly<Record<string, Sections>>;

/** Cases with sections of their own, as each takes minutes. */
const OWN_CASES: readonly string[] = [
  ...['doors', 'isolates', 'jobs', 'shadow', 'score-1m', 'table-streamed', 'table-100m'],
];
const ownCase = (bench: 'edge' | 'training', name: string) => (print: (line: string) => void) => ({
  [BENCHMARKS]: { [name]: edgeTable(benchReport(print, bench, [name])) },
});
const otherCases = (cases: object) => Object.keys(cases).filter((name) => !OWN_CASES.includes(name));

/** The pages' sections, by the measurement that they depend on. */
const SECTIONS = {
  demo: (print) => {
    const output = shortened(npm(print, ['demo', '--', '--exit']));
    const isPicture = (line: string) => /[\u2800-\u28ff]/.test(line);
    const [lines, pictures] = [output.split('\n'), output.split('\n').filter(isPicture)];
    const isProgress = (line: string) =>
      /^($|building the Worker|held-out digits|map\.bin|packaging: )/.test(line);
    const [first, second] = ['digits-vae:', '┌'].map((start) =>
      lines.findIndex((line) => line.startsWith(start)),
    );
    // The second model is for the playground; the figures are those of the first.
    const own = lines.filter((_, i) => i < first! || i >= second!);
    const text = own.filter((line) => !isPicture(line) && !isProgress(line));
    return {
      [README]: { demo: fenced('text', text.join('\n')) },
      [IMAGES]: { digits: fenced('text', pictures.join('\n')) },
    };
  },
  answers: async (print) => ({ [README]: await answersOf(README, print) }),
  training: (print) => {
    const report = benchReport(print, 'training', otherCases({ ...MEMORY_CASES, ...CASES }));
    return { [BENCHMARKS]: { training: trainingTable(report) } };
  },
  profile: (print) => ({ [BENCHMARKS]: { profile: profileTable(benchReport(print, 'profile')) } }),
  score: (print) => ({ [BENCHMARKS]: { score: edgeTable(benchReport(print, 'training', ['score-1m'])) } }),
  edge: (print) => {
    const report = benchReport(print, 'edge', otherCases(EDGE_CASES));
    return { [BENCHMARKS]: { edge: edgeTable(report) }, [RUNTIME]: { uploads: uploadsTable(report) } };
  },
  doors: ownCase('edge', 'doors'),
  isolates: ownCase('edge', 'isolates'),
  jobs: ownCase('edge', 'jobs'),
  shadow: ownCase('edge', 'shadow'),
  'table-streamed': ownCase('training', 'table-streamed'),
  'table-100m': ownCase('training', 'table-100m'),
  playground: (print) => ({ [PLAYGROUND]: { map: edgeTable(benchReport(print, 'playground')) } }),
} as const satisfies Record<string, (print: (line: string) => void) => Pages | Promise<Pages>>;

type SectionName = keyof typeof SECTIONS;
const NAMES = Object.keys(SECTIONS) as SectionName[];
/** Takes half an hour, and is measured only if it is named. */
const DEFAULT_NAMES = NAMES.filter((name) => name !== 'table-100m');

interface FiguresOptions {
  readonly json?: boolean;
  readonly section: readonly SectionName[];
}

const program = command(
  'figures',
  'Measure the demo and the benchmarks, ask the requests of the README, and write the figures into the pages. Takes some minutes.',
)
  .addOption(
    new Option('--section <name...>', 'only these')
      .choices(NAMES)
      .default(DEFAULT_NAMES, 'all but table-100m, which takes half an hour'),
  )
  .action(async ({ json, section }: FiguresOptions) => {
    const print = printer(json);
    const pages: [page: string, sections: Sections][] = [];
    for (const name of section) pages.push(...Object.entries<Sections>(await SECTIONS[name](print)));
    for (const [page, sections] of pages) updatePage(page, sections);
    if (json) console.log(JSON.stringify({ files: [...new Set(pages.map(([page]) => page))] }));
  });

function benchReport(
  print: (line: string) => void,
  name: string,
  cases: readonly string[] = [],
): BenchReport {
  const only = cases.length > 0 ? ['--case', ...cases] : [];
  return JSON.parse(npm(print, ['bench', '--', name, '--json', ...only])) as BenchReport;
}

function npm(print: (line: string) => void, args: readonly string[]): string {
  print(`npm run ${args.join(' ')}`);
  return execFileSync('npm', ['run', '--silent', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The demo's output without most epochs of each model and without trailing blanks of its braille pictures. */
function shortened(output: string): string {
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
  // Numbered within each model: the first and the last are kept.
  return lines
    .flatMap((line) => {
      const [, epoch, epochs] = /^epoch +(\d+)\/(\d+)/.exec(line) ?? [];
      if (epoch === undefined || epoch === '1' || epoch === epochs) return [line];
      return epoch === '2' ? ['...'] : [];
    })
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

/** A row for each model, a column for each kind of operator. */
function profileTable({ machine, results }: BenchReport): string {
  const named = results.map(({ name, median }) => [...name.split('/'), `${Math.round(median)} %`] as const);
  const kinds = [...new Set(named.map(([, kind]) => kind!))];
  const models = [...new Set(named.map(([model]) => model!))];
  const shareOf = (model: string, kind: string) => named.find(([m, k]) => m === model && k === kind)![2];
  return [
    `| model | ${kinds.map((kind) => kind.replaceAll('-', ' ')).join(' | ')} |`,
    `|---|${'---|'.repeat(kinds.length)}`,
    ...models.map((model) => `| ${model} | ${kinds.map((kind) => shareOf(model, kind)).join(' | ')} |`),
    '',
    `Medians of ${results[0]!.runs} runs on ${machineOf(machine)}.`,
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
    ...(ratios.length > 0 ? [...compared(ratios), ''] : []),
    `On ${machineOf(machine)}.`,
  ].join('\n');
}

function uploadsTable({ results }: BenchReport): string {
  const rows = Object.entries(RUNTIMES).map(([name, { summary }]) => {
    const { median } = results.find((each) => each.name === `upload/${name}`)!;
    return `| \`${name}\` | ${summary} | ${Math.round(median).toLocaleString('en-US')} KiB |`;
  });
  const head = '| `RUNTIME` | what it runs | upload with the digits model |\n|---|---|---|';
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
