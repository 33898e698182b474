/** `npm run bench -- [name] [--case NAME...]`: speed and memory, as ratios of what was measured in one run. */
import { Argument, Option } from 'commander';
import { command, printer, run } from './cli/command.ts';
import { CASES, type CaseName } from './measure/bench/cases/registry.ts';
import { benchEdge } from './measure/bench/edge.ts';
import { MEMORY_CASES, type MemoryCaseName } from './measure/bench/memory.ts';
import type { BenchReport } from './measure/bench/report.ts';
import { renderReport } from './measure/bench/report.ts';
import { benchTraining } from './measure/bench/training.ts';

interface BenchOptions {
  readonly json?: boolean;
  readonly case: readonly (CaseName | MemoryCaseName)[];
}

const BENCHES = {
  training: (print, options) => benchTraining(print, options.case),
  edge: (print) => benchEdge(print),
} as const satisfies Record<
  string,
  (print: (line: string) => void, options: BenchOptions) => Promise<BenchReport>
>;

const cases = [...Object.keys(MEMORY_CASES), ...Object.keys(CASES)];

const program = command(
  'bench',
  'Measure speed and memory. Figures are ratios of what was measured in one run.',
)
  .addArgument(new Argument('[name]', 'what to measure').choices(Object.keys(BENCHES)).default('training'))
  .addOption(
    new Option('--case <name...>', 'of training, only these cases').choices(cases).default(cases, 'all'),
  )
  .action(async (name: keyof typeof BENCHES, options: BenchOptions) => {
    const print = printer(options.json);
    const report = await BENCHES[name](print, options);
    if (options.json) console.log(JSON.stringify(report));
    print(renderReport(report));
  });

await run(program);
