/** Checks that a model can learn from a data set. */
import { InputError } from '../../shared/errors.ts';
import { isSparse, type Matrix, type Rows } from '../../shared/tensor.ts';
import type { Dataset } from '../data/dataset.ts';
import { firstWhere } from '../data/entries.ts';
import type { Autoencoder } from '../models/model.ts';

/**
 * Checks that a data set, which a caller may have assembled by hand, is consistent.
 * @throws {InputError} if its shape, names, labels or target do not match the rows, the target is infinite,
 * or a part is empty or has a row number out of range.
 */
export function requireConsistent(data: Dataset<Rows>): void {
  const { rows, rowShape, featureNames, parts, source } = data;
  const { width, rowCount } = rows;
  requireOnePerRow(data);
  if (rowShape.reduce((product, size) => product * size, 1) !== width) {
    throw new InputError(`${source}: expected a rowShape of ${width} values, received [${rowShape}]`);
  }
  if (featureNames !== null && featureNames.length !== width) {
    throw new InputError(
      `${source}: expected ${width} feature names, one per column, received ${featureNames.length}`,
    );
  }
  for (const [name, part] of Object.entries(parts ?? {}) as [string, Uint32Array][]) {
    if (part.length === 0) throw new InputError(`${source}: expected rows in the part '${name}', found none`);
    const beyond = part.find((row) => row >= rowCount);
    if (beyond === undefined) continue;
    throw new InputError(
      `${source}: expected row numbers from 0 to ${rowCount - 1} in the part '${name}', received ${beyond}`,
    );
  }
}

/** Checks that labels and target have a value for each row. */
function requireOnePerRow({ rows, test, labels, target, source }: Dataset<Rows>): void {
  for (const [what, values] of Object.entries({ labels, target })) {
    if (values === undefined) continue;
    for (const [of, part] of [
      [values.rows, rows],
      [values.test, test],
    ] as const) {
      if (of === undefined || part === undefined || of.length === part.rowCount) continue;
      throw new InputError(
        `${source}: expected one value of the ${what} for each of ${part.rowCount} rows, received ${of.length}`,
      );
    }
  }
  for (const values of [target?.rows, target?.test]) {
    for (let row = 0; row < (values?.length ?? 0); row++) {
      const value = values![row]!;
      if (Number.isFinite(value) || Number.isNaN(value)) continue;
      throw new InputError(
        `${source}: target ${target!.name}, row ${row}: expected a finite number, or NaN if it is not known, received ${value}`,
      );
    }
  }
}

type ModelNeeds = Pick<
  Autoencoder,
  'lossName' | 'targetRange' | 'missing' | 'condition' | 'target' | 'heads'
>;

/**
 * Checks the values against the model: they must be in the domain of the loss (a probability above 1 has no
 * cross-entropy), missing only if the model masks them, and no row or column may be missing entirely.
 * @throws {InputError} naming the first value, row or column that does not fit.
 */
export function requireUsable({ rows, test, source, preprocessing }: Dataset<Rows>, needs: ModelNeeds): void {
  if (preprocessing !== undefined && (needs.target ?? needs.heads) !== undefined) {
    throw new InputError(
      `${source}: expected a variant that reconstructs whole rows, since columns are decoded from these; received one that outputs only parts of them`,
    );
  }
  for (const part of test === undefined ? [rows] : [rows, test]) {
    requireValuesInRange(part, needs, source);
    if (needs.missing && !isSparse(part)) requireValueInEachRow(part, source);
  }
  if (needs.missing && !isSparse(rows)) requireValueInEachColumn(rows, source);
}

function requireValuesInRange(
  rows: Rows,
  { lossName, targetRange, missing, condition }: ModelNeeds,
  source: string,
): void {
  const [low, high] = targetRange ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  // Condition columns enter no loss and may have any range.
  const target = rows.width - (condition?.size ?? 0);
  const found = firstWhere(rows, (value, column) =>
    Number.isNaN(value)
      ? !missing
      : !Number.isFinite(value) || (column < target && (value < low || value > high)),
  );
  if (found === undefined) return;
  const { row, column, value } = found;
  const place = `${source}: row ${row}, column ${column}`;
  throw new InputError(
    Number.isNaN(value)
      ? `${place}: expected a number, received NaN; set missing=mask to train on the other values, or fill it in`
      : !Number.isFinite(value)
        ? `${place}: expected a finite number, received ${value}; mark it as missing, or leave the row out`
        : `${place}: expected a value in [${low}, ${high}] for the loss ${lossName}, received ${value}; scale the rows or choose another loss`,
  );
}

function requireValueInEachRow({ data, rowCount, width }: Matrix, source: string): void {
  for (let row = 0; row < rowCount; row++) {
    if (data.subarray(row * width, (row + 1) * width).every(Number.isNaN)) {
      throw new InputError(
        `${source}: row ${row}: expected at least one value, all are missing; leave the row out`,
      );
    }
  }
}

function requireValueInEachColumn({ data, width }: Matrix, source: string): void {
  const known = new Uint8Array(width);
  for (let at = 0; at < data.length; at++) if (!Number.isNaN(data[at])) known[at % width] = 1;
  const column = known.indexOf(0);
  if (column < 0) return;
  throw new InputError(
    `${source}: column ${column}: expected at least one value, all are missing; leave the column out`,
  );
}
