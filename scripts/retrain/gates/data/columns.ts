import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import type { DataGate } from '../gate.ts';

/** Detects before training what the gate `schema` would refuse after it. */
export const columns: DataGate = {
  summary:
    "the champion's features, targets and times are there, of the same types; --allow-breaking accepts changes",
  judge: ({ now, before }) => {
    if (before === undefined) return undefined;
    const known = new Map(now.columns.map((column) => [column.name, column]));
    const changed = before.columns.filter(({ name, type }) => known.get(name)?.type !== type);
    return {
      passed: changed.length === 0,
      figures:
        changed.length === 0
          ? `all ${before.columns.length} are there`
          : changed.map((column) => textOf(column, known.get(column.name))).join('; '),
    };
  },
};

function textOf({ name, type }: ColumnProfile, now: ColumnProfile | undefined): string {
  return now === undefined
    ? `${name} is gone, or no longer usable: constant, or an identifier`
    : `${name}: ${type} became ${now.type}`;
}
