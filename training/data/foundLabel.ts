/** The column that marks anomalies: the chosen one or, without a choice, one whose name or values show it. */
import { classesOf, labelColumn, meansAnomaly, meansNormal } from './anomalyLabels.ts';
import type { ColumnChoices } from './choices.ts';
import { madeRoles } from './chosenColumns.ts';
import { type Column, columnOf, type Table } from './table.ts';

/** A value in a larger share of the rows is not taken for that of anomalies. */
const MOST_ANOMALIES = 0.2;

export interface FoundLabel {
  readonly column: Column | undefined;
  /** Columns that may mark anomalies, but were not taken; a line each, with the flag that takes it. */
  readonly notes: readonly string[];
}

interface Sign {
  readonly column: Column;
  /** True if one of exactly two values is normal, and the other one names anomalies and is rare. */
  readonly isClear: boolean;
  readonly reason: string;
}

/**
 * Finds the column. Among those that no choice is about, names come first (`labelColumn`), then values: a column is
 * taken if it is the only one with a clear sign.
 * @throws {InputError} if a choice names a column that does not exist, or gives one two roles.
 */
export function foundLabel(table: Table, choices: ColumnChoices): FoundLabel {
  if (choices.label !== undefined) return { column: columnOf(table, choices.label), notes: [] };
  const free = freeColumns(table, choices);
  const named = labelColumn(free);
  if (named !== undefined) return { column: named, notes: [] };
  const signs = free.columns.flatMap((column) => signOf(column) ?? []);
  const clear = signs.filter(({ isClear }) => isClear);
  if (clear.length === 1) return { column: clear[0]!.column, notes: [] };
  const notes = (clear.length > 1 ? clear : signs).map(
    ({ column: { name }, reason }) =>
      `column ${name} may mark anomalies, since ${reason}: --label ${name} takes it for evaluation only, never as an input`,
  );
  return {
    column: undefined,
    notes: clear.length > 1 ? [...notes, 'several columns may mark anomalies: none of them is taken'] : notes,
  };
}

/** The table without the columns that a choice, or a known model, is about. */
export function freeColumns(table: Table, choices: ColumnChoices): Table {
  const { known } = choices;
  const chosen = madeRoles(table, choices);
  const isDecided = (name: string) =>
    known !== undefined && (!known.isLabelOpen || Object.hasOwn(known.features, name));
  const isFree = ({ name }: Column) => !Object.hasOwn(chosen, name) && !isDecided(name);
  return { ...table, columns: table.columns.filter(isFree) };
}

function signOf(column: Column): Sign | undefined {
  const known = column.type === 'date' ? undefined : classesOf(column);
  if (known === undefined || known.classes.length < 2) return undefined;
  const { classes, counts } = known;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shareOf = (own: readonly string[]) =>
    own.reduce((sum, name) => sum + counts[classes.indexOf(name)]!, 0) / total;
  if (column.type !== 'category') return flagSign(column, classes, shareOf);
  const normal = classes.filter(meansNormal);
  const anomalous = classes.filter(meansAnomaly);
  if (normal.length > 1 || (normal.length === 0 && anomalous.length === 0)) return undefined;
  const others = classes.filter((name) => !normal.includes(name));
  const marking = normal.length === 1 ? others : anomalous;
  const isRare = shareOf(marking) < MOST_ANOMALIES;
  const isKnown = normal.length === 1 && anomalous.length > 0;
  if (!isRare && !isKnown) return undefined;
  const meaning = [
    ...(normal.length === 1 ? [`${normal[0]} is normal`] : []),
    ...(anomalous.length > 0 ? [`${anomalous.join(', ')} names anomalies`] : []),
  ];
  return { column, isClear: isRare && isKnown && classes.length === 2, reason: meaning.join(' and ') };
}

/** Columns of yes and no, such as `is_faulty`. */
function flagSign(
  column: Column,
  classes: readonly string[],
  shareOf: (own: readonly string[]) => number,
): Sign | undefined {
  const [, yes] = classes;
  const isFlag = column.type === 'boolean' || classes.join() === '0,1';
  const word = column.name.replace(/^(is|has|was)[ _]?/i, '');
  if (!isFlag || !meansAnomaly(word)) return undefined;
  return { column, isClear: shareOf([yes!]) < MOST_ANOMALIES, reason: 'its name is one for anomalies' };
}
