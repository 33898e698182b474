/** Figures as last measured, kept beside the experiments so that nobody types them: `results.json`, `pytorch.json`. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type Experiment, givenSettings } from './experiment.ts';

const Spread = z.strictObject({ mean: z.number(), standardDeviation: z.number() });

const MeasuredRecord = z.strictObject({
  /** The median over the seeds, and of the seconds that a run took. */
  figure: z.number(),
  seconds: z.number(),
  seeds: z.array(z.number()),
  /** The recipe's settings that this was measured with. */
  settings: z.record(z.string(), z.unknown()),
  /** What trained, with its version. */
  by: z.string(),
  machine: z.string(),
  date: z.iso.date(),
  /** Of what finds anomalies, the model first: every figure over the seeds, by metric. */
  detection: z.record(z.string(), z.record(z.string(), Spread)).optional(),
});

export type Spread = z.infer<typeof Spread>;
export type MeasuredRecord = z.infer<typeof MeasuredRecord>;

const File = z.record(z.string(), MeasuredRecord);

/** Paths from the root of the repository. */
export const RESULTS = 'scripts/measure/experiments/results.json';
export const PYTORCH_RESULTS = 'scripts/measure/experiments/pytorch.json';

export function readRecords(path: string): Record<string, MeasuredRecord> {
  return File.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Adds or replaces one record, and writes the file whole or not at all. */
export function writeRecord(path: string, name: string, record: MeasuredRecord): void {
  const records = Object.entries({ ...readRecords(path), [name]: record });
  records.sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(`${path}.new`, `${JSON.stringify(Object.fromEntries(records), null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** The record of an experiment, unless the recipe, the settings or the seeds have changed since. */
export function recordOf(
  records: Readonly<Record<string, MeasuredRecord>>,
  name: string,
  experiment: Experiment,
): MeasuredRecord | undefined {
  const record = records[name];
  const current = { settings: givenSettings(experiment), seeds: [...experiment.seeds] };
  if (record === undefined) return undefined;
  const { settings, seeds } = record;
  return isDeepStrictEqual({ settings, seeds }, current) ? record : undefined;
}
