/**
 * `npm run experiments [-- --only NAME...]`: trains the long recipes and writes their figures next to the
 * references.
 */
import { Option } from 'commander';
import { GateError } from '../shared/errors.ts';
import { keysOf } from '../training/registry.ts';
import { command, printer, run } from './cli/command.ts';
import type { Comparison, ComparisonResult } from './measure/experiments/comparisons/comparison.ts';
import {
  comparisonTable,
  writeComparisonRecord,
} from './measure/experiments/comparisons/comparisonRecords.ts';
import { COMPARISONS, type ComparisonName } from './measure/experiments/comparisons/registry.ts';
import { detectionTable } from './measure/experiments/detection.ts';
import { type Experiment, isWithin } from './measure/experiments/experiment.ts';
import { measuredLimit } from './measure/experiments/measuredLimit.ts';
import { type MeasuredExperiment, measureExperiment } from './measure/experiments/measureExperiment.ts';
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
  `Train the long recipes, and write their figures next to the references into ${PAGE}. Takes an hour.`,
)
  .addOption(
    new Option('--only <name...>', 'experiments to run; the others keep their figures')
      .choices(names)
      .default(names, 'all'),
  )
  .action(experiments);

/**
 * Writes figures as soon as each experiment ends, so that a failure or an interrupt loses only the current
 * one.
 */
async function experiments({ only, json }: ExperimentsOptions): Promise<void> {
  const print = printer(json);
  const withPytorch = hasPytorch();
  if (!withPytorch)
    print(`no python3 with torch on the PATH: comparing with the figures in ${PYTORCH_RESULTS}`);
  const results: ExperimentVerdict[] = [];
  for (const name of only.filter((each) => each in EXPERIMENTS) as ExperimentName[]) {
    const { own, peer } = await measureExperiment(EXPERIMENTS[name], withPytorch);
    writeRecord(RESULTS, name, own);
    if (peer !== undefined) writeRecord(PYTORCH_RESULTS, name, peer);
    updatePage(PAGE, { experiments: experimentsTable(), detection: detectionTable() });
    const result = judged(name, own);
    print(line(result, EXPERIMENTS[name]));
    results.push(result);
  }
  const comparisons: Record<string, ComparisonResult> = {};
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

async function compare(name: ComparisonName, print: (line: string) => void): Promise<ComparisonResult> {
  const comparison: Comparison = COMPARISONS[name];
  const compared = await comparison.measure(print);
  const table = comparisonTable(comparison, writeComparisonRecord(name, compared));
  updatePage(comparison.page ?? PAGE, { [comparison.section]: table });
  print(table);
  return compared;
}

interface ExperimentVerdict {
  readonly name: ExperimentName;
  readonly figure: number;
  readonly seconds: number;
  /** PyTorch's figure as last measured; null if there is none. */
  readonly pytorch: number | null;
  /** Null if it depends on a figure that has not been measured; the experiment then passes. */
  readonly limit: number | null;
  readonly pass: boolean;
}

function judged(name: ExperimentName, { figure, seconds }: MeasuredExperiment['own']): ExperimentVerdict {
  const experiment: Experiment = EXPERIMENTS[name];
  const pytorch = recordOf(readRecords(PYTORCH_RESULTS), name, experiment)?.figure;
  const limit = measuredLimit(name);
  const pass = limit === undefined || isWithin(figure, experiment.bound.direction, limit);
  return { name, figure, seconds, pytorch: pytorch ?? null, limit: limit ?? null, pass };
}

function line(
  { name, figure, seconds, pytorch, limit, pass }: ExperimentVerdict,
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
