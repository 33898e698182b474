/** Rows of a JSON body, as arrays or as objects by feature name. */
import { booleanOf } from '../../../shared/booleanText.ts';
import { describeJson, RowError, type Tensor, type Tensors } from '../../../shared/tensor.ts';
import { ProblemError } from '../../problems.ts';
import type { RowLayout } from './layout.ts';

/**
 * Packs rows into a graph's inputs, and checks every value.
 * @throws {ProblemError} or {RowError} naming the first row and value that are wrong.
 */
export function packJsonRows(rows: readonly unknown[], layout: RowLayout): Tensors {
  const { input, columns, width, hasBooleans } = layout;
  if (input !== undefined) {
    const data = new Float32Array(rows.length * width);
    for (let r = 0; r < rows.length; r++) {
      const row = cellsOf(rows[r], r, layout);
      for (let c = 0; c < width; c++) {
        const value: unknown = row[c];
        data[r * width + c] =
          typeof value === 'number' && !hasBooleans ? value : numberOf(value, r, c, layout);
        // Checked after the store: a float64 beyond float32's range becomes infinite there.
        if (!Number.isFinite(data[r * width + c]) && typeof value === 'number') throw notFinite(value, r, c);
      }
    }
    return { [input]: { dtype: 'float32', data, shape: [rows.length, width] } };
  }
  const cells = rows.map((row, r) => cellsOf(row, r, layout));
  return Object.fromEntries(
    columns.map(({ input: name, dtype }, c) => {
      const column: Tensor =
        dtype === 'string'
          ? { dtype, data: cells.map((row, r) => textOf(row[c], r, c, layout)), shape: [rows.length, 1] }
          : { dtype, data: numberColumn(cells, c, layout), shape: [rows.length, 1] };
      return [name, column];
    }),
  );
}

/** Returns the values of a row in the order of the features. */
function cellsOf(row: unknown, r: number, layout: RowLayout): readonly unknown[] {
  const { width, positions } = layout;
  if (Array.isArray(row)) {
    if (row.length !== width) throw new RowError(r, undefined, `${width} values`, `${row.length}`);
    return row;
  }
  if (positions === undefined || typeof row !== 'object' || row === null)
    throw new RowError(r, undefined, `an array of ${width} values`, describeJson(row));
  const cells = new Array<unknown>(width).fill(null);
  for (const [name, value] of Object.entries(row)) {
    const position = positions.get(name);
    if (position === undefined) throw unknownFeature(name, r, layout);
    cells[position] = value;
  }
  return cells;
}

function numberColumn(rows: readonly (readonly unknown[])[], c: number, layout: RowLayout): Float32Array {
  const data = new Float32Array(rows.length);
  for (let r = 0; r < rows.length; r++) {
    const value = rows[r]![c];
    data[r] = numberOf(value, r, c, layout);
    if (typeof value === 'number' && !Number.isFinite(data[r])) throw notFinite(value, r, c);
  }
  return data;
}

/** In graphs, a missing number is NaN. */
function numberOf(value: unknown, r: number, c: number, layout: RowLayout): number {
  if (value === null) {
    requireOptional(r, c, layout);
    return Number.NaN;
  }
  if (layout.isBoolean(c)) return truthOf(value, r, c);
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean' && layout.input === undefined) return Number(value);
  throw new RowError(r, c, 'a number', describeJson(value));
}

/** True is 1 in graphs. Tables have words for it, too. */
function truthOf(value: unknown, r: number, c: number): number {
  if (typeof value === 'boolean' || value === 0 || value === 1) return Number(value);
  const truth = typeof value === 'string' ? booleanOf(value) : undefined;
  if (truth === undefined)
    throw new RowError(r, c, 'true or false, yes or no, or 1 or 0', describeJson(value));
  return truth;
}

/** In graphs, a missing category is the empty string. */
function textOf(value: unknown, r: number, c: number, layout: RowLayout): string {
  if (typeof value === 'string' && value !== '') return value;
  if (value !== null && value !== '')
    throw new RowError(r, c, 'a category, as a string', describeJson(value));
  requireOptional(r, c, layout);
  return '';
}

function requireOptional(row: number, column: number, { isOptional, nameOf }: RowLayout): void {
  if (isOptional(column)) return;
  const feature = nameOf(column);
  const place = feature === undefined ? `column ${column}` : `feature ${JSON.stringify(feature)}`;
  throw new ProblemError('missing-feature', {
    detail: `row ${row}: ${place} is missing, and the model does not impute it; send a value.`,
    ...{ row, column },
    ...(feature !== undefined && { feature }),
  });
}

function unknownFeature(name: string, row: number, { positions }: RowLayout): ProblemError {
  const offered = [...positions!.keys()];
  const shown = JSON.stringify(name.slice(0, 60));
  return new ProblemError('unknown-feature', {
    detail: `row ${row}: there is no feature ${shown}; GET /v1/models/{name} lists the features.`,
    ...{ row, received: name.slice(0, 60) },
    // Only as many as can be read at a glance.
    ...(offered.length <= 50 && { offered }),
  });
}

function notFinite(value: number, row: number, column: number): RowError {
  return new RowError(row, column, 'a finite float32 number', String(value));
}
