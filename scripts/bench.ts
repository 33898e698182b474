/** `npm run bench -- [name] [--case NAME...]`: measures speed and memory, as ratios within one run. */
import { Argument, Option } from 'commander';
import { InputError } from '../shared/errors.ts';
import { command, printer, run } from './cli/command.ts';
import { summaries, summaryLines } from './cli/flags.ts';
import { type BenchReport, renderReport } from './measure/bench/benchReport.ts';
import { CASES } from './measure/bench/cases/registry.ts';
import { benchEdge, EDGE_CASES } from './measure/bench/edge.ts';
import { MEMORY_CASES } from './measure/bench/memoryCases.ts';
import { benchPlayground, PLAYGROUND_CASES } from './measure/bench/playground.ts';
import { benchProfile } from './measure/bench/profile.ts';
import { benchTraining } from './measure/bench/training.ts';

interface BenchOptions {
  readonly json?: boolean;
  readonly case?: readonly string[];
}

interface Bench {
  readonly summary: string;
  readonly cases: Readonly<Record<string, { readonly summary: string; readonly byNameOnly?: boolean }>>;
  // A method, whose parameters TypeScript checks bivariantly: the names are those of `cases`.
  measure(print: (line: string) => void, names: readonly string[]): Promise<BenchReport>;
}

const BENCHES = {
  training: {
    summary: 'speed and memory of training, against other engines',
    cases: { ...MEMORY_CASES, ...CASES },
    measure: benchTraining,
  },
  profile: {
    summary: 'what a training step spends its time on, by operators',
    cases: CASES,
    measure: benchProfile,
  },
  edge: {
    summary: 'the Worker: cold start, latency, throughput and memory',
    cases: EDGE_CASES,
    measure: benchEdge,
  },
  playground: {
    summary: 'the page for people, in Chromium',
    cases: PLAYGROUND_CASES,
    measure: benchPlayground,
  },
} as const satisfies Record<string, Bench>;

const caseLines = Object.entries(BENCHES).map(
  ([name, { cases }]) => `\nCases of ${name}:\n${summaryLines(cases)}`,
);

const program = command(
  'bench',
  'Measure speed and memory. Figures are ratios of measurements from the same run.',
)
  .addArgument(
    new Argument('[name]', `benchmark: ${summaries(BENCHES)}`)
      .choices(Object.keys(BENCHES))
      .default('training'),
  )
  .addOption(
    new Option(
      '--case <name...>',
      'cases to measure (default: all but those that are measured only by name)',
    ),
  )
  .addHelpText('after', caseLines.join('\n'))
  .action(async (name: keyof typeof BENCHES, options: BenchOptions) => {
    const print = printer(options.json);
    const { cases, measure }: Bench = BENCHES[name];
    const report = await measure(print, chosenCases(name, cases, options.case));
    if (options.json) console.log(JSON.stringify(report));
    print(renderReport(report));
  });

function chosenCases(name: string, cases: Bench['cases'], chosen: BenchOptions['case']): readonly string[] {
  const offered = Object.keys(cases);
  const unknown = chosen?.find((each) => !offered.includes(each));
  if (unknown === undefined) return chosen ?? offered.filter((each) => cases[each]!.byNameOnly !== true);
  throw new InputError(`--case: expected cases of ${name} (${offered.join(', ')}), received '${unknown}'`);
}

await run(program);
