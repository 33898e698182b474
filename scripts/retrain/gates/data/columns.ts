import { knownColumns } from '../../../../training/artifact/knownColumns.ts';
import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import { isKnown } from '../../../../training/data/knownColumns.ts';
import type { DataGate, DataInput } from '../gate.ts';

/** Detects before training what the gate `schema` would refuse after it. */
export const columns: DataGate = {
  summary:
    "the champion's features, targets and times are there, of the same types; --allow-breaking accepts changes",
  acceptedIf: 'its clients are ready for that',
  acceptedBy: '--allow-breaking',
  judge: ({ now, before, data, champion }) => {
    if (before === undefined) return undefined;
    const known = new Map(now.columns.map((column) => [column.name, column]));
    const reasons = new Map(data.roles?.map(({ name, reason }) => [name, reason]));
    const changed = before.columns.filter(({ name, type }) => known.get(name)?.type !== type);
    return {
      passed: changed.length === 0,
      figures:
        changed.length === 0
          ? `all ${before.columns.length} are there`
          : changed
              .map((column) => textOf(column, known.get(column.name), reasons.get(column.name)))
              .join('; ') + newColumns(data, champion),
    };
  },
};

function textOf({ name, type }: ColumnProfile, now: ColumnProfile | undefined, reason?: string): string {
  if (now !== undefined) return `${name}: ${type} became ${now.type}`;
  return reason === undefined ? `${name} is gone` : `${name} is no longer usable: ${reason}`;
}

/** Columns that the champion does not have: one of them may be what is gone, under another name. */
function newColumns({ roles = [] }: DataInput['data'], champion: DataInput['champion']): string {
  const known = champion && knownColumns(champion);
  const names = roles.map(({ name }) => name).filter((name) => known && !isKnown(name, known));
  return names.length === 0 ? '' : `; new: ${names.join(', ')}`;
}
