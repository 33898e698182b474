/** Verdicts of the gates on data, on a night after the champion's. */
import { dataInput } from '../../../../scripts/retrain/gates/inspectData.ts';
import { type Judged, judgeAll } from '../../../../scripts/retrain/gates/judging.ts';
import { DATA_GATES } from '../../../../scripts/retrain/gates/registry.ts';
import type { Reference } from '../../../../scripts/retrain/references.ts';
import type { Dataset } from '../../../../training/data/dataset.ts';
import { type Profile, profileOf } from '../../../../training/data/profile.ts';
import { inferRoles } from '../../../../training/data/roles.ts';
import { randomSplit } from '../../../../training/data/splits.ts';
import type { Table } from '../../../../training/data/table.ts';
import { tableDataset } from '../../../../training/preprocess/dataset.ts';
import type { Case, NightContext } from './edits.ts';

const AT = Date.parse('2025-01-10');

export function datasetOf(table: Table): Dataset {
  const parts = randomSplit(table, { validation: 0.1, test: 0.1 }, 1);
  return tableDataset(table, { roles: inferRoles(table), parts });
}

/** Profiles of champions, which many nights come after. */
const profiles = new Map<string, Profile>();

function championOf({ schema, seed, rows, day }: NightContext): Profile {
  const key = [schema.name, seed, rows, day].join(' ');
  const known = profiles.get(key) ?? profileOf(datasetOf(schema.night(seed + 1000, rows, day - 1)));
  profiles.set(key, known);
  return known;
}

/** Returns the verdicts of the gates that refuse the night. */
export async function refusals({ change, first }: Case, context: NightContext): Promise<Judged[]> {
  return judged(first ? undefined : championOf(context), change(context), context.rows);
}

/** The same for a night after that of the champion, if there is one, and after what was promoted weeks ago. */
export async function refusalsAfter(
  champion: Table | undefined,
  night: Table,
  rows: number,
  reference?: Reference,
): Promise<Judged[]> {
  return judged(champion && profileOf(datasetOf(champion)), night, rows, reference);
}

async function judged(
  profile: Profile | undefined,
  night: Table,
  rows: number,
  reference?: Reference,
): Promise<Judged[]> {
  const before = profile && { manifest: undefined, profile, reference };
  const input = dataInput(datasetOf(night), before, before && rows, AT);
  const verdicts = await judgeAll(DATA_GATES, input, { limits: {}, accept: [] });
  return verdicts.filter(({ passed }) => !passed);
}
