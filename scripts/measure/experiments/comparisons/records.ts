/** Comparisons as last measured, in `comparisons.json`; and their tables. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { machine } from '../../bench/report.ts';
import { markdownTable } from '../../markdown.ts';
import type { Compared, Comparison } from './comparison.ts';

/** From the root of the repository. */
export const COMPARED = 'scripts/measure/experiments/comparisons.json';

const Spread = z.strictObject({ mean: z.number(), error: z.number() });

const Record = z.strictObject({
  contenders: z.array(
    z.strictObject({
      name: z.string(),
      figures: z.record(z.string(), Spread),
      seconds: z.number().optional(),
    }),
  ),
  checks: z.array(z.strictObject({ what: z.string(), figure: z.number(), least: z.number() })),
  machine: z.string(),
  date: z.iso.date(),
});

export type ComparedRecord = z.infer<typeof Record>;

export function readCompared(): Readonly<Partial<{ [name: string]: ComparedRecord }>> {
  return z.record(z.string(), Record).parse(JSON.parse(readFileSync(COMPARED, 'utf8')));
}

/** Adds or replaces one, and writes the file whole or not at all. */
export function writeCompared(name: string, { contenders, checks }: Compared): ComparedRecord {
  const { cores, cpu, node } = machine();
  const record = Record.parse({
    contenders,
    checks,
    machine: `${cores} cores (${cpu}, Node ${node})`,
    date: new Date().toISOString().slice(0, 10),
  });
  const records = Object.entries({ ...readCompared(), [name]: record }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(`${COMPARED}.new`, `${JSON.stringify(Object.fromEntries(records), null, 2)}\n`);
  renameSync(`${COMPARED}.new`, COMPARED);
  return record;
}

export function comparisonTable({ metrics, spread }: Comparison, record: ComparedRecord): string {
  const rows = record.contenders.map(({ name, figures, seconds }) => [
    name,
    ...metrics.map((metric) => spreadText(figures[metric]!)),
    seconds === undefined ? '' : seconds.toFixed(0),
  ]);
  const checks = record.checks.map(({ what, figure, least }) => {
    return `- ${what}: ${figure.toFixed(4)}, must be >= ${least.toFixed(4)}${figure >= least ? '' : ' (missed)'}`;
  });
  return [
    markdownTable(['model', ...metrics, 'seconds'], rows),
    '',
    `Means; ± is ${spread}. Measured ${record.date} on ${record.machine}.`,
    ...(checks.length > 0 ? ['', ...checks] : []),
  ].join('\n');
}

function spreadText({ mean, error }: { readonly mean: number; readonly error: number }): string {
  return error === 0 ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${error.toFixed(4)}`;
}
