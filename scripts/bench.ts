/** `npm run bench -- [name...]`: speed, as ratios of contenders measured in one run. */
import { Argument } from 'commander';
import type { BenchReport } from './bench/report.ts';
import { renderReport } from './bench/report.ts';
import { benchTraining } from './bench/training.ts';
import { command, printer, run } from './lib/command.ts';

const BENCHES = {
  training: benchTraining,
} as const satisfies Record<string, (print: (line: string) => void) => Promise<BenchReport>>;

const program = command('bench', 'Measure speed. Figures are ratios of contenders measured in one run.')
  .addArgument(new Argument('[name]', 'what to measure').choices(Object.keys(BENCHES)).default('training'))
  .action(async (name: keyof typeof BENCHES, options: { json?: boolean }) => {
    const print = printer(options.json);
    const report = await BENCHES[name](print);
    if (options.json) console.log(JSON.stringify(report));
    print(renderReport(report));
  });

await run(program);
