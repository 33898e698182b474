/** Choices about columns, applied to a table: how it is read, the roles of its columns, its split. */
import { InputError } from '../../shared/errors.ts';
import { MISSING } from '../../shared/missingMarks.ts';
import type { ColumnChoices } from './choices.ts';
import type { Labels, Parts, Shares } from './dataset.ts';
import { isKnown, knownRoles } from './knownColumns.ts';
import type { ColumnRole, Role, RoleOverrides } from './roles.ts';
import type { TableReadOptions } from './sources/source.ts';
import { timeSplit } from './splits.ts';
import { columnOf, type Table } from './table.ts';

/** Returns how a table is read under these choices. */
export function readingOf(choices: ColumnChoices): TableReadOptions {
  const { missing = [], keep = [], text = [], decimal, known } = choices;
  const categories = Object.entries(known?.features ?? {}).filter(([, { type }]) => type === 'category');
  return {
    missing: [...MISSING.filter((mark) => !keep.includes(mark)), ...missing],
    types: Object.fromEntries(text.map((name) => [name, 'category' as const])),
    ...(categories.length > 0 && { categories: categories.map(([name]) => name) }),
    ...(decimal !== undefined && { decimal }),
  };
}

/**
 * Returns the roles that these choices set, and those that the known columns of a model set.
 * @throws {InputError} for a column that does not exist, or that is given two roles.
 */
export function chosenRoles(table: Table, choices: ColumnChoices): RoleOverrides {
  const { known } = choices;
  const made = madeRoles(table, choices);
  if (known === undefined) return made;
  const kept = knownRoles(table, known);
  const both = Object.entries(made).map(([name, own]) => [
    name,
    { ...(own?.role === 'feature' && kept[name]), ...own },
  ]);
  return { ...kept, ...Object.fromEntries(both) };
}

/** The choices without columns that the known model had and that are gone: judging that is for the gates. */
export function presentChoices({ columns }: Table, choices: ColumnChoices): ColumnChoices {
  const { known, ignore, feature } = choices;
  if (known === undefined) return choices;
  const isPresent = (name: string) => !isKnown(name, known) || columns.some((column) => column.name === name);
  return {
    ...choices,
    ...(ignore && { ignore: ignore.filter(isPresent) }),
    ...(feature && { feature: feature.filter(isPresent) }),
  };
}

/** The roles that these choices set themselves. */
export function madeRoles(table: Table, choices: ColumnChoices): RoleOverrides {
  const { ignore = [], feature = [], target, label, id, time } = presentChoices(table, choices);
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
 * Returns the choices to record, with the decimal mark, the label and the values that mark anomalies even if these were
 * inferred.
 */
export function recordedChoices(
  { known: _, ...choices }: ColumnChoices,
  { columns }: Table,
  labels?: Labels,
): ColumnChoices {
  const marks = new Set(columns.flatMap(({ notes = [] }) => notes.flatMap(({ decimal }) => decimal ?? [])));
  const [decimal] = marks;
  return {
    ...(marks.size === 1 && { decimal }),
    ...choices,
    ...(labels?.name !== undefined && { label: labels.name }),
    ...(labels?.anomalous !== undefined && { positive: labels.anomalous }),
  };
}

const AS_ASKED = 'as asked';

/** Replaces the reason `as asked` by the choice, or the model, that is behind it. */
export function explained(
  roles: readonly ColumnRole[],
  { id, time, ignore = [], known }: ColumnChoices,
): ColumnRole[] {
  const reasonOf = ({ name, reason }: ColumnRole) => {
    if (name === id) return 'the identifier';
    if (name === time) return 'the time of the split';
    if (reason !== AS_ASKED || known === undefined || ignore.includes(name)) return reason;
    return isKnown(name, known) ? `as in ${known.model}` : `not in ${known.model}`;
  };
  return roles.map((role) => ({ ...role, reason: reasonOf(role) }));
}
