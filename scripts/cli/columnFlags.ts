/**
 * Flags for choices about the columns of a table, and lines that report each automatic choice with the flag
 * that changes it.
 */
import { type Command, Option } from 'commander';
import { InputError } from '../../shared/errors.ts';
import { shellWord } from '../../shared/shellWord.ts';
import type { ColumnChoices } from '../../training/data/choices.ts';
import type { ColumnRole } from '../../training/data/roles.ts';
import type { ColumnNote } from '../../training/data/table.ts';
import type { AnyRecipe } from '../../training/recipes/recipe.ts';

/** The names of the flags, without the dashes. */
export const COLUMN_FLAGS: readonly Exclude<keyof ColumnChoices, 'known'>[] = [
  ...(['ignore', 'feature', 'target', 'label', 'positive', 'id', 'time', 'length', 'stride'] as const),
  ...(['limit', 'sample', 'hold', 'missing', 'keep', 'text', 'decimal'] as const),
];

/**
 * Adds the flags to a command. Lists are separated by commas, or the flag is repeated.
 * @param target Name of the flag for the column to predict.
 */
export function withColumnFlags(program: Command, target = '--target'): Command {
  const list = (text: string, before: readonly string[] = []) => [...before, ...text.split(',')];
  const each = (text: string, before: readonly string[] = []) => [...before, text];
  return program
    .option('--ignore <columns>', 'columns that the model does not see: a,b', list)
    .option(
      '--feature <columns>',
      'columns that the model sees although they would be left out; not for dates, which SQL makes numbers',
      list,
    )
    .option(`${target} <column>`, 'column to keep apart as the value to predict')
    .option('--label <column>', 'column that marks anomalies, for evaluation only')
    .option('--positive <values>', 'values of the label that mark anomalies', list)
    .option('--id <column>', 'column that identifies the rows; with interactions, the user')
    .option('--time <column>', 'column of times: train on the oldest rows, test on the newest')
    .option('--length <points>', 'points in a window, for the recipe windows')
    .option('--stride <points>', 'points from the start of a window to the start of the next')
    .option('--limit <rows>', 'rows to read from the start, for a try')
    .option('--sample <rows>', 'rows to draw at random, for a try')
    .option('--hold <rows>', 'most rows to hold in memory (default: 500,000); more train from disk')
    .option('--missing <text>', 'another mark for a missing value; may be repeated', each)
    .option('--keep <text>', 'a mark for missing values that is a value here; may be repeated', each)
    .option('--text <columns>', 'columns that are text, whatever they look like', list)
    .addOption(
      new Option(
        '--decimal <mark>',
        'decimal mark of numbers such as 1.234 or 1,234, which may be thousands',
      ).choices(['.', ',']),
    );
}

/**
 * Returns the choices among a command's options.
 * @throws {InputError} if there are any, but the recipe takes none.
 */
export function columnChoices(options: ColumnChoices, recipe: AnyRecipe): ColumnChoices {
  const made = COLUMN_FLAGS.filter((name) => options[name] !== undefined);
  if (made.length > 0 && recipe.columns !== true) {
    throw new InputError(
      `--${made[0]}: expected a recipe that reads any table, such as tabular or anomaly, received ${recipe.name}, whose columns are fixed`,
    );
  }
  const ofWindows = made.find((name) => name === 'length' || name === 'stride');
  if (ofWindows !== undefined && recipe.windows !== true) {
    throw new InputError(
      `--${ofWindows}: expected the recipe windows, which makes windows of a long series, received ${recipe.name}`,
    );
  }
  const limit = made.find((name) => name === 'limit' || name === 'sample' || name === 'hold');
  if (limit !== undefined && recipe.rowLimits !== true) {
    throw new InputError(
      `--${limit}: expected a recipe that reads tables of any size, such as tabular or anomaly, received ${recipe.name}; SQL with LIMIT or USING SAMPLE reads a part of a table`,
    );
  }
  return Object.fromEntries(made.map((name) => [name, options[name]]));
}

const UNDO: Readonly<Record<ColumnNote['kind'], (column: string) => string>> = {
  notation: (column) => `; --text ${shellWord(column)} keeps it as text`,
  'decimal point': () => '; --decimal , reads it so',
  'decimal comma': () => '; --decimal . reads it so',
  thousands: () => '; --decimal , reads it so',
  'leading zeros': () => '; SQL with CAST(... AS DOUBLE) makes it a number',
  missing: () => '; --missing adds another mark, --keep takes one for a value',
  date: (column) => `; --text ${shellWord(column)} keeps it as text`,
  alike: () => '; SQL with lower(trim(...)) makes them one',
};

/** Returns a line for each decision about how text was read, with the flag that changes it. */
export function readingLines(roles: readonly ColumnRole[]): string[] {
  return roles.flatMap(({ name, notes = [] }) =>
    notes.map(({ kind, text }) => `column ${name}: ${text}${UNDO[kind](name)}`),
  );
}
