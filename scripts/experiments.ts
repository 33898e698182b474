/** `npm run experiments [-- --only NAME...]`: trains the long recipes and writes their figures beside the references. */
import { Option } from 'commander';
import { GateError } from '../shared/errors.ts';
import { detectionTable } from './experiments/detection.ts';
import { type Experiment, isWithin } from './experiments/experiment.ts';
import { measuredLimit } from './experiments/limits.ts';
import { type Measured, measure } from './experiments/measure.ts';
import { hasPytorch } from './experiments/pytorch.ts';
import { PYTORCH_RESULTS, RESULTS, readRecords, recordOf, writeRecord } from './experiments/records.ts';
import { EXPERIMENTS, type ExperimentName } from './experiments/registry.ts';
import { experimentsTable } from './experiments/table.ts';
import { command, printer, run } from './lib/command.ts';
import { updatePage } from './lib/sections.ts';

const PAGE = 'training/README.md';
const names = Object.keys(EXPERIMENTS);

interface ExperimentsOptions {
  readonly only: readonly ExperimentName[];
  readonly json?: boolean;
}

const program = command(
  'experiments',
  `Train the long recipes, and write their figures and the references into ${PAGE}. Takes a quarter of an hour.`,
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
  for (const name of only) {
    const { own, peer } = await measure(EXPERIMENTS[name], withPytorch);
    writeRecord(RESULTS, name, own);
    if (peer !== undefined) writeRecord(PYTORCH_RESULTS, name, peer);
    updatePage(PAGE, { experiments: experimentsTable(), detection: detectionTable() });
    const result = judged(name, own);
    print(line(result, EXPERIMENTS[name]));
    results.push(result);
  }
  if (json) console.log(JSON.stringify({ results }));
  const missed = results.filter(({ pass }) => !pass).map(({ name }) => name);
  if (missed.length > 0) throw new GateError(`not within the bound: ${missed.join(', ')}`);
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
