/** A month of nights of two models: honest, drifting, poisoned, broken and killed ones. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from '../../../../training/data/table.ts';
import { deviationOf, numberNames, valuesOf, withValues } from './edits.ts';
import type { Fate } from './mortalBucket.ts';
import { POISONS } from './poisons.ts';
import { deliveries, type Schema } from './schemas.ts';
import { writeTable } from './writeTable.ts';

export const NIGHTS = 30;

/** A night that is not like the others. Without any of these, its rows are honest, and it goes through. */
export interface Mishap {
  /** The name of a poison. */
  readonly poison?: keyof typeof POISONS;
  /** The file that arrives in place of a table; undefined for none. */
  readonly file?: string | null;
  readonly fate?: Fate;
  /** True for a run that dies; at a moment that the test chooses unless its fate says otherwise. */
  readonly isKilled?: true;
}

/** Nights of deliveries. The other model has none of these: one model must not feel what happens to the other. */
export const MISHAPS: Readonly<Record<number, Mishap>> = {
  4: { isKilled: true },
  5: { poison: 'fifty rows, copied' },
  7: { file: null },
  9: { poison: 'miles that became kilometres' },
  11: { isKilled: true },
  12: { poison: 'columns that were shuffled' },
  14: { file: 'at,channel\n"2025-01' },
  17: { isKilled: true },
  18: { poison: 'a sensor that is stuck in 95 % of the rows' },
  20: { fate: { failsAt: 40, failures: 1 } },
  22: { poison: 'two columns that were joined to other rows' },
  23: { isKilled: true, fate: { diesAfter: 'deliveries/aliases.json' } },
  27: { poison: 'times of the year 2099' },
};

/** The night whose promotion somebody takes back by hand. */
export const ROLLED_BACK = 15;

/** Standard deviations that the world of deliveries moves by every night. That of machines stays as it is. */
const DRIFT = 0.03;

/** Honest rows of a day. */
export function world(schema: Schema, day: number, seed = 100 + day, rows = 600): Table {
  const night = schema.night(seed, rows, day);
  if (schema !== deliveries) return night;
  return numberNames(night)
    .filter((name) => !valuesOf(night, name).every(Number.isInteger))
    .reduce((table, name) => {
      const by = DRIFT * day * deviationOf(valuesOf(night, name));
      return withValues(table, name, (value) => value + by);
    }, night);
}

/** Writes the file of a night. Returns its path, where there may be none. */
export function arrival(folder: string, schema: Schema, day: number, { poison, file }: Mishap): string {
  const path = join(folder, `${schema.name}-${day}.csv`);
  if (file === null) return path;
  if (file !== undefined) writeFileSync(path, file);
  else if (poison === undefined) writeTable(path, world(schema, day));
  else {
    const moved: Schema = { ...schema, night: (seed, rows, on) => world(schema, on, seed, rows) };
    writeTable(path, POISONS[poison]!.change({ schema: moved, seed: 100 + day, rows: 600, day }));
  }
  return path;
}
