/** Results of comparisons as last measured, in `comparisons.json`, and their tables. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { machine } from '../../bench/benchReport.ts';
import { markdownTable } from '../../markdown.ts';
import type { Comparison, ComparisonResult, MeanWithError } from './comparison.ts';

/** Path from the root of the repository. */
const COMPARISON_RESULTS = 'scripts/measure/experiments/comparisons.json';

const ComparisonRecord = z.strictObject({
  contenders: z.array(
    z.strictObject({
      name: z.string(),
      figures: z.record(z.string(), z.strictObject({ mean: z.number(), error: z.number() })),
      seconds: z.number().optional(),
    }),
  ),
  checks: z.array(z.strictObject({ what: z.string(), figure: z.number(), least: z.number() })),
  machine: z.string(),
  date: z.iso.date(),
});

export type ComparisonRecord = z.infer<typeof ComparisonRecord>;

export function readComparisonRecords(): Readonly<Partial<Record<string, ComparisonRecord>>> {
  return z.record(z.string(), ComparisonRecord).parse(JSON.parse(readFileSync(COMPARISON_RESULTS, 'utf8')));
}

/** Adds or replaces a record, and writes the file whole or not at all. */
export function writeComparisonRecord(
  name: string,
  { contenders, checks }: ComparisonResult,
): ComparisonRecord {
  const { cores, cpu, node } = machine();
  const record = ComparisonRecord.parse({
    contenders,
    checks,
    machine: `${cores} cores (${cpu}, Node ${node})`,
    date: new Date().toISOString().slice(0, 10),
  });
  const records = Object.entries({ ...readComparisonRecords(), [name]: record });
  records.sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(`${COMPARISON_RESULTS}.new`, `${JSON.stringify(Object.fromEntries(records), null, 2)}\n`);
  renameSync(`${COMPARISON_RESULTS}.new`, COMPARISON_RESULTS);
  return record;
}

export function comparisonTable(
  { of = 'model', metrics, spread }: Comparison,
  record: ComparisonRecord,
): string {
  const isTimed = record.contenders.some(({ seconds }) => seconds !== undefined);
  const rows = record.contenders.map(({ name, figures, seconds }) => [
    name,
    ...metrics.map((metric) => (figures[metric] === undefined ? '' : spreadText(figures[metric]))),
    ...(isTimed ? [seconds === undefined ? '' : seconds.toFixed(0)] : []),
  ]);
  const checks = record.checks.map(({ what, figure, least }) => {
    return `- ${what}: ${figure.toFixed(4)}, must be >= ${least.toFixed(4)}${figure >= least ? '' : ' (missed)'}`;
  });
  return [
    markdownTable([of, ...metrics, ...(isTimed ? ['seconds'] : [])], rows),
    '',
    `${spread === undefined ? 'One run each.' : `Means; ± is ${spread}.`} Measured ${record.date} on ${record.machine}.`,
    ...(checks.length > 0 ? ['', ...checks] : []),
  ].join('\n');
}

function spreadText({ mean, error }: MeanWithError): string {
  if (error !== 0 && mean >= 1000) return `${Math.round(mean)} ± ${Math.round(error)}`;
  if (error !== 0) return `${mean.toFixed(4)} ± ${error.toFixed(4)}`;
  // Bytes and durations, in addition to shares.
  return mean < 1 ? mean.toFixed(4) : String(Number(mean.toPrecision(4)));
}
