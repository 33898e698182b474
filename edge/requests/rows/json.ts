/** Rows of a JSON body, as arrays or as objects by feature name. */
import { booleanOf } from '../../../shared/booleanText.ts';
import { describeJson, RowError, type Tensor, type Tensors } from '../../../shared/tensor.ts';
import { ProblemError } from '../../problems.ts';
import type { RefuseRow } from './faults.ts';
import type { RowLayout } from './layout.ts';
import { rowProblem } from './rowProblem.ts';

/**
 * Packs rows into a graph's inputs, and checks every value. `refuse` hears the problem of each row that
 * cannot be packed, whose values in the inputs then mean nothing.
 */
export function packJsonRows(rows: readonly unknown[], layout: RowLayout, refuse: RefuseRow): Tensors {
  return layout.input === undefined
    ? packColumns(rows, layout, refuse)
    : packMatrix(rows, layout.input, layout, refuse);
}

function packMatrix(rows: readonly unknown[], input: string, layout: RowLayout, refuse: RefuseRow): Tensors {
  const { width, hasBooleans } = layout;
  const data = new Float32Array(rows.length * width);
  packEach(rows, layout, refuse, (row, r) => {
    const cells = cellsOf(row, r, layout);
    for (let c = 0; c < width; c++) {
      const value: unknown = cells[c];
      data[r * width + c] = typeof value === 'number' && !hasBooleans ? value : numberOf(value, r, c, layout);
      // Checked after the store: a float64 beyond float32's range becomes infinite there.
      if (!Number.isFinite(data[r * width + c]) && typeof value === 'number') throw notFinite(value, r, c);
    }
  });
  return { [input]: { dtype: 'float32', data, shape: [rows.length, width] } };
}

function packColumns(rows: readonly unknown[], layout: RowLayout, refuse: RefuseRow): Tensors {
  const shape = [rows.length, 1];
  const tensors = layout.columns.map(({ dtype }): Tensor => {
    if (dtype === 'string') return { dtype, shape, data: new Array<string>(rows.length).fill('') };
    return { dtype, shape, data: new Float32Array(rows.length) };
  });
  packEach(rows, layout, refuse, (row, r) => {
    const cells = cellsOf(row, r, layout);
    for (const [c, { dtype, data }] of tensors.entries()) {
      const value = cells[c];
      if (dtype === 'string') (data as string[])[r] = textOf(value, r, c, layout);
      else (data as Float32Array)[r] = numberOf(value, r, c, layout);
      if (typeof value === 'number' && !Number.isFinite(data[r])) throw notFinite(value, r, c);
    }
  });
  return Object.fromEntries(layout.columns.map(({ input }, c) => [input, tensors[c]!]));
}

/** Packs one row after the other; one that cannot be packed does not keep the others from it. */
function packEach(
  rows: readonly unknown[],
  layout: RowLayout,
  refuse: RefuseRow,
  pack: (row: unknown, r: number) => void,
): void {
  for (let r = 0; r < rows.length; r++) {
    try {
      pack(rows[r], r);
    } catch (error) {
      refuse(r, rowProblem(layout, error));
    }
  }
}

/** Returns the values of a row in the order of the features. */
function cellsOf(row: unknown, r: number, layout: RowLayout): readonly unknown[] {
  const { width, positions, ignored } = layout;
  if (Array.isArray(row)) {
    if (row.length !== width) throw wrongLength(row, r, layout);
    return row;
  }
  if (positions === undefined || typeof row !== 'object' || row === null)
    throw new RowError(r, undefined, `an array of ${width} values`, describeJson(row));
  const cells = new Array<unknown>(width).fill(null);
  let isEmpty = true;
  for (const [name, value] of Object.entries(row)) {
    const position = positions.get(name);
    if (position !== undefined) {
      cells[position] = value;
      isEmpty = false;
    } else if (!ignored.has(name)) throw unknownFeature(name, r, layout);
  }
  // Answered with what the model makes of missing values, it would pass for a row that is known.
  if (isEmpty) throw noFeature(r, positions);
  return cells;
}

/** Nested arrays are those of an image or a sequence, sent in its shape. */
function wrongLength(row: readonly unknown[], r: number, { width, shape }: RowLayout): RowError {
  const isNested = Array.isArray(row[0]);
  if (!isNested && shape === undefined) return new RowError(r, undefined, `${width} values`, `${row.length}`);
  const order = shape === undefined ? '' : `, in the order of the shape [${shape.join(', ')}]`;
  const received = isNested ? `an array of ${row.length} arrays` : `${row.length}`;
  return new RowError(r, undefined, `one flat array of ${width} values${order}`, received);
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

function noFeature(row: number, positions: ReadonlyMap<string, number>): ProblemError {
  const [first] = positions.keys();
  return new ProblemError('missing-feature', {
    detail: `row ${row} has no feature of the model; send at least one of its ${positions.size}, such as ${JSON.stringify(first)}.`,
    ...{ row, column: 0, feature: first },
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
