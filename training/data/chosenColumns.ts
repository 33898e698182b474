/** Choices about columns, applied to a table: how it is read, the roles of its columns, its split. */
import { InputError } from '../../shared/errors.ts';
import type { ColumnChoices } from './choices.ts';
import type { Labels, Parts, Shares } from './dataset.ts';
import type { ColumnRole, Role, RoleOverrides } from './roles.ts';
import type { TableReadOptions } from './sources/source.ts';
import { timeSplit } from './splits.ts';
import { columnOf, type Table } from './table.ts';
import { MISSING } from './text.ts';

/** Returns how a table is read under these choices. */
export function readingOf({ missing = [], keep = [], text = [], decimal }: ColumnChoices): TableReadOptions {
  return {
    missing: [...MISSING.filter((mark) => !keep.includes(mark)), ...missing],
    types: Object.fromEntries(text.map((name) => [name, 'category' as const])),
    ...(decimal !== undefined && { decimal }),
  };
}

/**
 * Returns the roles that these choices set.
 * @throws {InputError} for a column that does not exist, or that is given two roles.
 */
export function chosenRoles(table: Table, choices: ColumnChoices): RoleOverrides {
  const { ignore = [], feature = [], target, label, id, time } = choices;
  const chosen: [string, Role, string][] = [
    ...ignore.map((name) => [name, 'ignored', 'ignore'] as [string, 'ignored', string]),
    ...feature.map((name) => [name, 'feature', 'feature'] as [string, 'feature', string]),
    ...(target === undefined ? [] : [[target, 'target', 'target'] as [string, 'target', string]]),
    ...(label === undefined ? [] : [[label, 'label', 'label'] as [string, 'label', string]]),
    ...(id === undefined ? [] : [[id, 'ignored', 'id'] as [string, 'ignored', string]]),
    ...(time === undefined ? [] : [[time, 'ignored', 'time'] as [string, 'ignored', string]]),
  ];
  const roles = new Map<string, readonly [role: Role, choice: string]>();
  for (const [name, role, choice] of chosen) {
    columnOf(table, name);
    const before = roles.get(name);
    if (before !== undefined && before[0] !== role) {
      throw new InputError(
        `${table.source}: column ${name}: expected one role, received two: ${before[1]} and ${choice}`,
      );
    }
    roles.set(name, [role, choice]);
  }
  return Object.fromEntries([...roles].map(([name, [role]]) => [name, { role }]));
}

/** Returns the split by the chosen column of times, or undefined. */
export function chosenSplit(table: Table, { time }: ColumnChoices, shares: Shares): Parts | undefined {
  return time === undefined ? undefined : timeSplit(columnOf(table, time), shares);
}

/**
 * Returns the choices to record, with the label and the values that mark anomalies even if these were
 * inferred.
 */
export function recordedChoices(choices: ColumnChoices, labels?: Labels): ColumnChoices {
  return {
    ...choices,
    ...(labels?.name !== undefined && { label: labels.name }),
    ...(labels?.anomalous !== undefined && { positive: labels.anomalous }),
  };
}

/** Replaces the reason `as asked` by the choice that is behind it. */
export function explained(roles: readonly ColumnRole[], { id, time }: ColumnChoices): ColumnRole[] {
  const reasonOf = ({ name, reason }: ColumnRole) => {
    if (name === id) return 'the identifier';
    return name === time ? 'the time of the split' : reason;
  };
  return roles.map((role) => ({ ...role, reason: reasonOf(role) }));
}
