/** `npm run bench -- [name] [--case NAME...]`: measures speed and memory, as ratios within one run. */
import { Argument, Option } from 'commander';
import { command, printer, run } from './cli/command.ts';
import { summaries, summaryLines } from './cli/flags.ts';
import { type BenchReport, renderReport } from './measure/bench/benchReport.ts';
import { CASES, type CaseName } from './measure/bench/cases/registry.ts';
import { benchEdge } from './measure/bench/edge.ts';
import { MEMORY_CASES, type MemoryCaseName } from './measure/bench/memoryCases.ts';
import { benchTraining } from './measure/bench/training.ts';

interface BenchOptions {
  readonly json?: boolean;
  readonly case: readonly (CaseName | MemoryCaseName)[];
}

interface Bench {
  readonly summary: string;
  readonly measure: (print: (line: string) => void, options: BenchOptions) => Promise<BenchReport>;
}

const BENCHES = {
  training: {
    summary: 'speed and memory of training, against other engines',
    measure: (print, options) => benchTraining(print, options.case),
  },
  edge: {
    summary: 'the Worker: cold start, latency, throughput and memory',
    measure: (print) => benchEdge(print),
  },
} as const satisfies Record<string, Bench>;

const cases = { ...MEMORY_CASES, ...CASES };
const names = Object.keys(cases);

const program = command(
  'bench',
  'Measure speed and memory. Figures are ratios of measurements from the same run.',
)
  .addArgument(
    new Argument('[name]', `benchmark: ${summaries(BENCHES)}`)
      .choices(Object.keys(BENCHES))
      .default('training'),
  )
  .addOption(new Option('--case <name...>', 'training cases to measure').choices(names).default(names, 'all'))
  .addHelpText('after', `\nCases:\n${summaryLines(cases)}`)
  .action(async (name: keyof typeof BENCHES, options: BenchOptions) => {
    const print = printer(options.json);
    const report = await BENCHES[name].measure(print, options);
    if (options.json) console.log(JSON.stringify(report));
    print(renderReport(report));
  });

await run(program);
