/** The table of experiments, from the figures last measured. */
import { code, markdownTable } from '../markdown.ts';
import { type Experiment, isWithin } from './experiment.ts';
import { measuredLimit } from './measuredLimit.ts';
import { type MeasuredRecord, PYTORCH_RESULTS, RESULTS, readRecords, recordOf } from './records.ts';
import { EXPERIMENTS, type ExperimentName } from './registry.ts';

export function experimentsTable(): string {
  const [ours, theirs] = [readRecords(RESULTS), readRecords(PYTORCH_RESULTS)];
  const experiments = Object.entries<Experiment>(EXPERIMENTS) as [ExperimentName, Experiment][];
  const measured = experiments.map(([name, experiment]) => ({
    name,
    experiment,
    own: recordOf(ours, name, experiment),
    peer: recordOf(theirs, name, experiment),
  }));
  const table = markdownTable(
    ['experiment', 'metric on test rows', 'measured', 'must be', 'PyTorch', 'published', 'seconds'],
    measured.map(row),
  );
  return [table, '', ...footnotes(measured)].join('\n');
}

interface ExperimentRow {
  readonly name: ExperimentName;
  readonly experiment: Experiment;
  readonly own: MeasuredRecord | undefined;
  readonly peer: MeasuredRecord | undefined;
}

function row({ name, experiment, own, peer }: ExperimentRow): string[] {
  const { metric, bound, published } = experiment;
  const limit = measuredLimit(name);
  const missed = own !== undefined && limit !== undefined && !isWithin(own.figure, bound.direction, limit);
  return [
    code(name),
    metric,
    own === undefined ? 'not measured' : `${figure(own.figure)}${missed ? ' (missed)' : ''}`,
    `${bound.direction} ${limitText(bound, limit)}`,
    peer === undefined ? '' : figure(peer.figure),
    published === undefined ? '' : `${published.value}: ${published.source}`,
    own === undefined ? '' : own.seconds.toFixed(0),
  ];
}

function limitText(bound: Experiment['bound'], limit: number | undefined): string {
  if (!('experiment' in bound)) return limit === undefined ? "PyTorch's" : figure(limit);
  const name = code(bound.experiment);
  return limit === undefined ? name : `${figure(limit)}, ${name}`;
}

function footnotes(measured: readonly ExperimentRow[]): string[] {
  const [own, peer] = [measured.map((each) => each.own), measured.map((each) => each.peer)].map(provenance);
  return [
    `Measured ${own || 'not yet'}.`,
    `PyTorch: the same model, initial distributions, data, split and settings, ${peer || 'not yet measured'}.`,
    ...medians(measured),
  ];
}

/** Lists the figures that are medians, one line for each number of seeds. */
function medians(measured: readonly ExperimentRow[]): string[] {
  const counts = new Set(measured.map(({ experiment }) => experiment.seeds.length));
  return [...counts]
    .filter((count) => count > 1)
    .map((count) => {
      const own = measured.filter(({ experiment }) => experiment.seeds.length === count);
      return `Medians over ${count} seeds: ${own.map(({ name }) => code(name)).join(', ')}.`;
    });
}

/** Date, engine and machine of the records, without duplicates. */
function provenance(records: readonly (MeasuredRecord | undefined)[]): string {
  const known = records.filter((each) => each !== undefined);
  return [...new Set(known.map(({ by, machine, date }) => `${date} by ${by} on ${machine}`))].join('; ');
}

/** Renders losses per value with four decimals, nats per row with two. */
function figure(value: number): string {
  return value.toFixed(Math.abs(value) >= 10 ? 2 : 4);
}
