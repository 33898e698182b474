/**
 * Figures as last measured, stored in `results.json` and `pytorch.json` so that nobody copies them by hand.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type Experiment, givenSettings } from './experiment.ts';

const Spread = z.strictObject({ mean: z.number(), standardDeviation: z.number() });

const MeasuredRecord = z.strictObject({
  /** Median over the seeds. */
  figure: z.number(),
  /** Median duration of a run. */
  seconds: z.number(),
  seeds: z.array(z.number()),
  /** The settings of the experiment and its recipe, without defaults. */
  settings: z.record(z.string(), z.unknown()),
  /** Engine or framework, with its version. */
  by: z.string(),
  machine: z.string(),
  date: z.iso.date(),
  /** Figures of anomaly detectors over the seeds, by detector (the model first) and metric. */
  detection: z.record(z.string(), z.record(z.string(), Spread)).optional(),
});

export type Spread = z.infer<typeof Spread>;
export type MeasuredRecord = z.infer<typeof MeasuredRecord>;

const RecordsFile = z.record(z.string(), MeasuredRecord);

/** Paths from the root of the repository. */
export const RESULTS = 'scripts/measure/experiments/results.json';
export const PYTORCH_RESULTS = 'scripts/measure/experiments/pytorch.json';

export function readRecords(path: string): Record<string, MeasuredRecord> {
  return RecordsFile.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Adds or replaces one record, and writes the file whole or not at all. */
export function writeRecord(path: string, name: string, record: MeasuredRecord): void {
  const records = Object.entries({ ...readRecords(path), [name]: record });
  records.sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(`${path}.new`, `${JSON.stringify(Object.fromEntries(records), null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** Returns the record of an experiment; undefined if recipe, settings or seeds have changed since. */
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
