/** What the other columns do not explain of a column of numbers: how it is distributed, and where it lies. */
import * as z from 'zod';
import { outerResiduals } from './outerResiduals.ts';
import type { Regression } from './regression.ts';
import type { RowOrder } from './rowOrders.ts';
import { toldExactly } from './toldExactly.ts';

/** Residuals are differences from the regression on the other columns, in standard deviations of the column's ranks. */
export const Residuals = z.object({
  column: z.string(),
  /** Rows with a value. */
  rows: z.number().int(),
  /** Root of their mean square. */
  scale: z.number(),
  /**
   * Share of the values that a linear regression on the other columns of numbers, as they are, tells almost exactly, as
   * `toldExactly` counts them: of errors with a density it is about 0. Undefined for columns that the others tell nearly
   * anyway, for those on a grid that is coarse compared with the errors, and in earlier releases.
   */
  exact: z.number().optional(),
  /**
   * Residuals of a regression on the other columns of numbers in units of the column, the lowest and the highest ones:
   * those that the shares of `outerResiduals` are beyond; undefined in earlier releases.
   */
  outer: z.object({ low: z.array(z.number()), high: z.array(z.number()) }).optional(),
  /**
   * Mean absolute residual in each fifth of what the other columns tell, and the root of the mean square there; empty
   * for columns of which more than a fifth is one value, whose ranks jump, and for few rows.
   */
  fifths: z.array(z.tuple([z.number(), z.number()])),
  /** Orders of the rows, and the mean residual of each tenth of them. */
  tenths: z.array(z.tuple([z.string(), z.array(z.number())])),
});

export type Residuals = z.infer<typeof Residuals>;

export const FIFTHS = 5;
export const TENTHS = 10;
/** Distinct values from which on a column is divided. */
const LEAST_DISTINCT = 20;
/**
 * Of a column that the others tell more closely than this, such as a price with tax, values that a regression gave are as
 * good as others: where its ratio to another column depends on a category, another rate would count as such values.
 */
const LEAST_SCALE = 0.1;
/** Rows from which on fifths are compared: in fewer, a category that is just frequent enough to count decides. */
const LEAST_ROWS = 1000;

/**
 * @param ofRanks Regression of the ranks of all columns.
 * @param ofValues Regression of the columns of numbers, as they are.
 * @param ofClipped The same, of values that are not far out.
 * @param rows Numbers of the rows that all are of.
 */
export function residualsOf(
  ofRanks: Regression,
  ofValues: Regression | undefined,
  ofClipped: Regression | undefined,
  rows: Uint32Array,
  orders: readonly RowOrder[],
): Residuals[] {
  const tenths = orders.map((order) => ({ name: order.name, tenth: tenthsIn(order, rows) }));
  return ofRanks.columns.flatMap((each): Residuals[] => {
    const own = each.variables[0]!;
    if (own.category !== undefined || own.distinct < LEAST_DISTINCT) return [];
    const left = ofRanks.residuals(each, own);
    const present = Uint32Array.from(left.keys()).filter((row) => !Number.isNaN(left[row]!));
    const fifths = fifthsOf(present, (row) => own.standard[row]! - left[row]!);
    const fifth = (row: number) => fifths[row]!;
    const absolute = meansOf(present, FIFTHS, fifth, (row) => Math.abs(left[row]!));
    const squares = meansOf(present, FIFTHS, fifth, (row) => left[row]! ** 2);
    const all = (of: (row: number) => number) => meansOf(present, 1, () => 0, of)[0]!;
    const scale = Math.sqrt(all((row) => left[row]! ** 2));
    const exact = scale < LEAST_SCALE ? undefined : toldExactly(each.column, ofValues, ofRanks, present);
    const asItIs = ofValues?.columns.find(({ column }) => column === each.column)?.variables[0]?.values;
    const outer = asItIs && outerResiduals(each.column, ofClipped, asItIs, present);
    return [
      {
        ...{ column: each.column, rows: present.length, scale: rounded(scale) },
        ...(exact !== undefined && { exact: rounded(exact) }),
        ...(outer && { outer }),
        fifths:
          own.varied < 1 - 1 / FIFTHS || present.length < LEAST_ROWS
            ? []
            : absolute.map((mean, i) => [rounded(mean), rounded(Math.sqrt(squares[i]!))]),
        tenths: tenths.map(({ name, tenth }) => [
          name,
          meansOf(
            present,
            TENTHS,
            (row) => tenth[row]!,
            (row) => left[row]!,
          ).map(rounded),
        ]),
      },
    ];
  });
}

/** The fifth of a value that each row is in. By the column itself, what is noisy would be in other fifths. */
function fifthsOf(rows: Uint32Array, of: (row: number) => number): Float64Array {
  const fifths = new Float64Array(1 + rows.at(-1)!);
  const ascending = rows.slice().sort((a, b) => of(a) - of(b));
  for (const [place, row] of ascending.entries()) fifths[row] = Math.floor((FIFTHS * place) / rows.length);
  return fifths;
}

/** The tenth that each of these rows is in; NaN for those that the order lacks. */
function tenthsIn(order: RowOrder, rows: Uint32Array): Float64Array {
  const places = new Map<number, number>();
  for (const [place, row] of order.rows.entries()) places.set(row, place);
  const count = order.rows.length;
  return Float64Array.from(rows, (row) => Math.floor((TENTHS * (places.get(row) ?? Number.NaN)) / count));
}

/** Means of a value over the rows of each part; 0 of a part without rows. */
function meansOf(
  rows: Uint32Array,
  parts: number,
  partOf: (row: number) => number,
  of: (row: number) => number,
): number[] {
  const sums = new Float64Array(parts);
  const counts = new Uint32Array(parts);
  for (const row of rows) {
    const part = partOf(row);
    if (Number.isNaN(part)) continue;
    sums[part]! += of(row);
    counts[part]!++;
  }
  return Array.from(sums, (sum, part) => sum / Math.max(1, counts[part]!));
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
