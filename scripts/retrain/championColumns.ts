/** Columns of a retraining: as the champion has them, unless the user's flags say otherwise. */
import type { Manifest } from '../../shared/manifest.ts';
import { knownColumns } from '../../training/artifact/knownColumns.ts';
import type { ColumnChoices } from '../../training/data/choices.ts';
import { COLUMN_FLAGS } from '../cli/columnFlags.ts';

/** Choices that give one column a role. */
const SINGLE = ['target', 'label', 'id', 'time'] as const;
/** Choices that give several columns a role. */
const LISTS = ['ignore', 'feature'] as const;

/**
 * Returns the choices that the champion was trained with, changed by those of the user, and its columns, which decide
 * what no choice does.
 */
export function championColumns(champion: Manifest, given: ColumnChoices): ColumnChoices {
  const own = picked(given, COLUMN_FLAGS);
  const before: ColumnChoices = champion.data.choices ?? {};
  const moved = new Set([...LISTS, ...SINGLE].flatMap((choice) => given[choice] ?? []));
  const isMoved = (choice: keyof ColumnChoices) =>
    SINGLE.some((single) => single === choice) && moved.has(before[choice] as string);
  const limits = ['limit', 'sample'] as const;
  const isLimited = limits.some((limit) => given[limit] !== undefined);
  const isRelabelled = isMoved('label') && given.label !== before.label;
  const kept = COLUMN_FLAGS.filter(
    (choice) =>
      !isMoved(choice) &&
      !(choice === 'positive' && (isRelabelled || (given.label ?? before.label) !== before.label)) &&
      !(isLimited && limits.some((limit) => limit === choice)),
  );
  const lists = LISTS.map((choice) => {
    const names = [...(before[choice] ?? []).filter((name) => !moved.has(name)), ...(given[choice] ?? [])];
    return [choice, names.length > 0 ? names : undefined];
  });
  const known = knownColumns(champion);
  const choices = { ...picked(before, kept), ...own, ...Object.fromEntries(lists) };
  return { ...picked(choices, COLUMN_FLAGS), ...(known && { known }) };
}

/** The choices among `flags` that were made. */
function picked(choices: ColumnChoices, flags: readonly (keyof ColumnChoices)[]): ColumnChoices {
  return Object.fromEntries(
    flags.flatMap((flag) => (choices[flag] === undefined ? [] : [[flag, choices[flag]]])),
  );
}

/** Names of inputs that a line shows. */
const SHOWN = 12;

/**
 * Returns a line with the flags that stand for the choices, and the inputs that these leave; undefined if there are
 * none.
 */
export function columnLine(
  { name, version }: Manifest,
  { known, ...choices }: ColumnChoices,
): string | undefined {
  const flags = COLUMN_FLAGS.flatMap((choice) => {
    const value = choices[choice];
    if (value === undefined) return [];
    return [`--${choice === 'target' ? 'target-column' : choice} ${[value].flat().join(',')}`];
  });
  const before = Object.keys(known?.features ?? {});
  const others = new Set([choices.ignore ?? [], ...SINGLE.map((choice) => choices[choice] ?? [])].flat());
  const added = (choices.feature ?? []).filter((column) => !before.includes(column));
  const names = known === undefined ? [] : [...before.filter((column) => !others.has(column)), ...added];
  const more = names.length > SHOWN ? ', ...' : '';
  const changed = names.length === before.length && added.length === 0 ? '' : `, not its ${before.length}`;
  const inputs =
    names.length === 0
      ? []
      : [`${names.length} inputs${changed} (${names.slice(0, SHOWN).join(', ')}${more})`];
  const parts = [...(flags.length > 0 ? [flags.join(' ')] : []), ...inputs];
  return parts.length === 0 ? undefined : `columns as in ${name}@${version}: ${parts.join('; ')}`;
}
