/** `npm run experiments [-- --only NAME...]`: trains the long recipes and writes their figures beside the references. */
import { Option } from 'commander';
import { GateError } from '../shared/errors.ts';
import { keysOf } from '../training/registry.ts';
import { command, printer, run } from './cli/command.ts';
import type { Compared, Comparison } from './measure/experiments/comparisons/comparison.ts';
import { comparisonTable, writeCompared } from './measure/experiments/comparisons/records.ts';
import { COMPARISONS, type ComparisonName } from './measure/experiments/comparisons/registry.ts';
import { detectionTable } from './measure/experiments/detection.ts';
import { type Experiment, isWithin } from './measure/experiments/experiment.ts';
import { measuredLimit } from './measure/experiments/limits.ts';
import { type Measured, measure } from './measure/experiments/measure.ts';
import { hasPytorch } from './measure/experiments/pytorch.ts';
import {
  PYTORCH_RESULTS,
  RESULTS,
  readRecords,
  recordOf,
  writeRecord,
} from './measure/experiments/records.ts';
import { EXPERIMENTS, type ExperimentName } from './measure/experiments/registry.ts';
import { experimentsTable } from './measure/experiments/table.ts';
import { updatePage } from './measure/sections.ts';

const PAGE = 'docs/benchmarks.md';
const names = [...keysOf(EXPERIMENTS), ...keysOf(COMPARISONS)];

interface ExperimentsOptions {
  readonly only: readonly (ExperimentName | ComparisonName)[];
  readonly json?: boolean;
}

const program = command(
  'experiments',
  `Train the long recipes, and write their figures and the references into ${PAGE}. Takes an hour.`,
)
  .addOption(
    new Option('--only <name...>', 'only these; the others keep their figures')
      .choices(names)
      .default(names, 'all'),
  )
  .action(experiments);

/** Figures are kept as each experiment ends, so that one that fails or is interrupted costs only itself. */
async function experiments({ only, json }: ExperimentsOptions): Promise<void> {
  const print = printer(json);
  const withPytorch = hasPytorch();
  if (!withPytorch) print(`no python3 with torch on the PATH: comparing with ${PYTORCH_RESULTS}`);
  const results: Result[] = [];
  for (const name of only.filter((each) => each in EXPERIMENTS) as ExperimentName[]) {
    const { own, peer } = await measure(EXPERIMENTS[name], withPytorch);
    writeRecord(RESULTS, name, own);
    if (peer !== undefined) writeRecord(PYTORCH_RESULTS, name, peer);
    updatePage(PAGE, { experiments: experimentsTable(), detection: detectionTable() });
    const result = judged(name, own);
    print(line(result, EXPERIMENTS[name]));
    results.push(result);
  }
  const comparisons: Record<string, Compared> = {};
  for (const name of only.filter((each) => each in COMPARISONS) as ComparisonName[]) {
    comparisons[name] = await compare(name, print);
  }
  if (json) console.log(JSON.stringify({ results, comparisons }));
  const missed = [
    ...results.filter(({ pass }) => !pass).map(({ name }) => name),
    ...Object.values(comparisons).flatMap(({ checks }) =>
      checks.filter(({ figure, least }) => !(figure >= least)).map(({ what }) => what),
    ),
  ];
  if (missed.length > 0) throw new GateError(`not within the bound: ${missed.join(', ')}`);
}

async function compare(name: ComparisonName, print: (line: string) => void): Promise<Compared> {
  const comparison: Comparison = COMPARISONS[name];
  const compared = await comparison.measure(print);
  const table = comparisonTable(comparison, writeCompared(name, compared));
  updatePage(PAGE, { [comparison.section]: table });
  print(table);
  return compared;
}

interface Result {
  readonly name: ExperimentName;
  readonly figure: number;
  readonly seconds: number;
  /** PyTorch's figure, as last measured; null where there is none. */
  readonly pytorch: number | null;
  /** Null where it depends on a figure of PyTorch that there is not; passes then. */
  readonly limit: number | null;
  readonly pass: boolean;
}

function judged(name: ExperimentName, { figure, seconds }: Measured['own']): Result {
  const experiment: Experiment = EXPERIMENTS[name];
  const pytorch = recordOf(readRecords(PYTORCH_RESULTS), name, experiment)?.figure;
  const limit = measuredLimit(name);
  const pass = limit === undefined || isWithin(figure, experiment.bound.direction, limit);
  return { name, figure, seconds, pytorch: pytorch ?? null, limit: limit ?? null, pass };
}

function line(
  { name, figure, seconds, pytorch, limit, pass }: Result,
  { metric, bound }: Experiment,
): string {
  const against = [
    ...(limit === null
      ? []
      : [`bound ${bound.direction} ${limit.toPrecision(4)}: ${pass ? 'met' : 'missed'}`]),
    ...(pytorch === null ? [] : [`PyTorch ${pytorch.toPrecision(4)}`]),
  ];
  return `${name}: ${metric} ${figure.toPrecision(4)} in ${seconds.toFixed(0)} s (${against.join(', ')})`;
}

await run(program);
