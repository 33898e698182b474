/** Rows that were answered in production, next to the data of a run. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { readingOf } from '../../training/data/chosenColumns.ts';
import { count } from '../../training/report/format.ts';
import { type ProductionTable, writeProductionTable } from '../loggedRows/productionTable.ts';
import type { RetrainCall } from './call.ts';
import type { RetrainOptions } from './context.ts';

/** Path of the table of a run, without its ending. It is outside of what is served or published. */
function stemOf({ recipe, options }: Pick<RetrainCall, 'recipe' | 'options'>): string {
  return join(options.out, '.production', options.name ?? recipe);
}

/**
 * Writes the data of a run with `--from-production` to a file, and returns its location in place of that of the data.
 * @param chosen The options, with the choices about columns that the champion was trained with.
 * @throws {InputError} if there is nothing to add, or nothing that it could be added to.
 */
export async function productionData(
  call: RetrainCall,
  chosen: RetrainOptions,
): Promise<{ readonly data?: string }> {
  const { recipe, target, print } = call;
  const { fromProduction: days, data: location, label, target: predicted, time } = chosen;
  if (days === undefined) return {};
  if (location === undefined)
    throw new InputError('--from-production: expected --data, the table that rows are added to');
  const model = chosen.name ?? recipe;
  const column = label ?? predicted;
  const table = await writeProductionTable(
    { bucket: await target.rows(), model, days },
    {
      ...{ location, reading: readingOf(chosen), label: column, time },
      // A row whose target is not known teaches a predictor nothing.
      needsLabel: label === undefined && predicted !== undefined,
    },
    stemOf(call),
  );
  for (const line of summaryLines(table, days, column)) print(line);
  requireVisible(table.hidden, chosen.ignore);
  return { data: table.path };
}

/** Deletes that file: rows of clients stay no longer than the run needs them. */
export async function removeProductionData(call: Pick<RetrainCall, 'recipe' | 'options'>): Promise<void> {
  if (call.options.fromProduction === undefined) return;
  for (const ending of ['csv', 'parquet']) await rm(`${stemOf(call)}.${ending}`, { force: true });
}

/**
 * A value that is missing just in the rows of production would tell the model which rows these are, and it would know them
 * by nothing else.
 * @throws {InputError} if a column that the model is to see was left out or hashed.
 */
export function requireVisible(hidden: readonly string[], ignored: readonly string[] = []): void {
  const names = hidden.filter((name) => !ignored.includes(name));
  if (names.length === 0) return;
  throw new InputError(
    `--from-production: expected rows with every column of the model, found rows in which ${names.join(', ')} is left out or hashed: --ignore ${names.join(',')} --allow-breaking trains a model without it; or change LOG_ROWS, and wait for rows with it`,
  );
}

/** Describes the rows: how many, answered by which versions, with how many labels, and what does not fit. */
export function summaryLines(
  { rows, versions, labelled, misfits }: Omit<ProductionTable, 'path' | 'hidden'>,
  days: number,
  label: string | undefined,
): string[] {
  const answered = versions.map((each) => `${count(each.rows)} by ${each.version}`).join(', ');
  const use =
    label === undefined && labelled > 0
      ? 'labels are not used, as no column holds them: --label names one'
      : `${count(labelled)} with a label${label === undefined ? '' : ` (column ${label})`}`;
  return [
    `production: ${count(rows)} rows of ${days} days (${answered}); ${use}`,
    ...misfits.map(
      ({ column, rows: own }) =>
        `production: column ${column}: ${count(own)} values are not of the type that it has in the data, and count as missing`,
    ),
  ];
}
