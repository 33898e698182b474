/** How the columns of a table go together: rank correlations, in figures that hold no row. */
import * as z from 'zod';
import { permutation, random } from '../../shared/random.ts';
import { correlated, correlating } from './correlated.ts';
import { curvaturesOf } from './curvature.ts';
import { explainedShares } from './explained.ts';
import { frequentCategories, knownCategories, LEAST_ROWS } from './frequentCategories.ts';
import { hoursOf } from './hours.ts';
import { clippedRegression } from './outerResiduals.ts';
import { LEAST_RIDGE, regression, type Variable } from './regression.ts';
import { Residuals, residualsOf } from './residuals.ts';
import { ordersOf } from './rowOrders.ts';
import { type Column, isMissing, numbersOf } from './table.ts';

export const Relations = z.object({
  /**
   * A column of numbers or booleans, or one category of a column, which counts as 1 where it is and 0 elsewhere; so does
   * `NO_VALUE`, of a column of any type.
   * With `spread`, how far the ranks of a column of numbers are from the middle one: what is noisier in one category
   * than elsewhere has the same mean. With `hour`, the sine or the cosine of the time of day of a column of times, and
   * how much the times crowd together: 0 if they cover the day evenly, 1 if all are the same or of few times of day.
   */
  variables: z.array(
    z.object({
      column: z.string(),
      category: z.string().optional(),
      spread: z.literal(true).optional(),
      hour: z.enum(['sine', 'cosine']).optional(),
      crowded: z.number().optional(),
    }),
  ),
  /** Two variables by their place, their rank correlation (Spearman), and the rows that have both. */
  pairs: z.array(z.tuple([z.number().int(), z.number().int(), z.number(), z.number().int()])),
  /** Variance of the correlation of each pair, times its rows; undefined in earlier releases. */
  variances: z.array(z.number()).optional(),
  /**
   * Two columns of numbers by their places, and by how much their correlation changes if the second one moves by a
   * standard deviation of its ranks, where it is a curve; undefined in earlier releases.
   */
  curvatures: z.array(z.tuple([z.number().int(), z.number().int(), z.number()])).optional(),
  /**
   * A column by the place of its first variable, the share of its variance (of numbers, that of the ranks) that all
   * other columns explain, and the standard error of that; undefined in earlier releases.
   */
  explained: z.array(z.tuple([z.number().int(), z.number(), z.number()])).optional(),
  /** What the others do not explain of each column of numbers; undefined in earlier releases. */
  residuals: z.array(Residuals).optional(),
});

export type Relations = z.infer<typeof Relations>;
export type Related = Relations['variables'][number];

/** Stands for a category: the rows in which a column has no value. */
export const NO_VALUE = '(no value)';

const MOST_NUMBERS = 64;
const MOST_MISSING = 32;
/** Two for each column of times. */
const MOST_HOURS = 8;
/** Rows that correlations are computed from, drawn at random if there are more. */
const MOST_ROWS = 10_000;
/** Distinct values of numbers whose spread is compared. */
const LEAST_SPREAD = 20;
/** Rows in which two variables both leave their most frequent value, if they are independent: at least so many. */
const LEAST_JOINT = 10;

/**
 * Correlates all columns of numbers with one another and with the frequent categories, their spread with the latter,
 * and categories with those of other columns, numbers with the hour of the day. Missing values are a category, too.
 * @param known Categories to take in place of the frequent ones: those of the relations that these are compared with.
 */
export function relationsOf(
  columns: readonly Column[],
  rowCount: number,
  known?: readonly Related[],
): Relations {
  // In their order, by which rows next to one another are told.
  const rows = permutation(rowCount, random(1, 'relations')).subarray(0, MOST_ROWS).sort();
  const measured = columns
    .filter(({ type }) => type === 'number' || type === 'boolean')
    .slice(0, MOST_NUMBERS);
  const numbers = measured.map((column) => ranked(column, rows));
  const variables = [
    ...numbers,
    // Of two values that are equally frequent, chance decides which one is further from the middle.
    ...numbers.filter(({ distinct }) => distinct >= LEAST_SPREAD).map(spreadOf),
    ...(known === undefined ? frequentCategories(columns, rows) : knownCategories(columns, rows, known)),
  ];
  const regressed = regression(variables);
  const asTheyAre = numbers.map((each, i) => ({ ...each, values: valuesAt(measured[i]!, rows) }));
  const ofValues = regression(asTheyAre, LEAST_RIDGE);
  const ofClipped = clippedRegression(asTheyAre);
  const pairs: Relations['pairs'] = [];
  const variances: number[] = [];
  const missing = columns.flatMap((column) => missingIn(column, rows)).slice(0, MOST_MISSING);
  const hours = columns
    .flatMap((column) => hoursOf(column, rows))
    .sort((a, b) => Number(a.crowded === 1) - Number(b.crowded === 1))
    .slice(0, MOST_HOURS);
  const all = [...variables, ...missing, ...hours];
  const standard = all.map(({ values }) => correlating(values));
  for (const [i, a] of all.entries())
    for (const [j, b] of all.entries()) {
      if (j <= i || !isCompared(a, b)) continue;
      const { correlation, count, variance } = correlated(standard[i]!, standard[j]!);
      if (Number.isNaN(correlation) || count * a.varied * b.varied < LEAST_JOINT) continue;
      pairs.push([i, j, Number(correlation.toFixed(4)), count]);
      variances.push(Number(variance.toFixed(4)));
    }
  return {
    variables: all.map(({ column, category, spread, hour, crowded }) => ({
      ...{ column, category, spread, hour, crowded },
    })),
    ...{ pairs, variances, curvatures: curvaturesOf(numbers) },
    explained: regressed === undefined ? [] : explainedShares(regressed),
    residuals:
      regressed === undefined
        ? []
        : residualsOf(regressed, ofValues, ofClipped, rows, ordersOf(columns, rowCount)),
  };
}

/** The categories among the variables, without those that stand for missing values. */
export function categoriesAmong({ variables }: Relations): Related[] {
  return variables.filter(({ category }) => category !== undefined && category !== NO_VALUE);
}

/**
 * True if two variables are correlated. `a` comes before `b` in the order numbers, spreads, categories, missing values,
 * hours.
 */
function isCompared(a: Variable, b: Variable): boolean {
  if (b.hour !== undefined) return a.category === undefined && !a.spread && a.hour === undefined;
  if (b.category !== undefined) return a.column !== b.column;
  return !a.spread && !b.spread;
}

/** Distances from the middle rank, as a test of dispersion takes them (Ansari and Bradley, 1960). */
function spreadOf({ column, values, ...others }: Variable): Variable {
  const present = values.filter((value) => !Number.isNaN(value)).length;
  return {
    ...others,
    column,
    spread: true,
    values: values.map((rank) => Math.abs(rank - (present - 1) / 2)),
  };
}

function valuesAt(column: Column, rows: Uint32Array): Float64Array {
  const all = numbersOf(column);
  return Float64Array.from(rows, (row) => all[row]!);
}

/** The ranks of a column; equal values share the mean of theirs. */
function ranked(column: Column, rows: Uint32Array): Variable {
  const own = valuesAt(column, rows);
  const order = Uint32Array.from(own.keys())
    .filter((row) => !Number.isNaN(own[row]!))
    .sort((a, b) => own[a]! - own[b]!);
  const values = new Float64Array(own.length).fill(Number.NaN);
  let [most, distinct] = [0, 0];
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && own[order[end]!] === own[order[start]!]) end++;
    most = Math.max(most, end - start);
    distinct++;
    for (let at = start; at < end; at++) values[order[at]!] = (start + end - 1) / 2;
  }
  const varied = order.length === 0 ? 0 : 1 - most / order.length;
  return { column: column.name, values, varied, distinct };
}

function missingIn(column: Column, rows: Uint32Array): Variable[] {
  const values = Float64Array.from(rows, (row) => Number(isMissing(column, row)));
  const missing = values.reduce((sum, value) => sum + value, 0);
  const fewer = Math.min(missing, rows.length - missing);
  if (fewer < LEAST_ROWS) return [];
  return [{ column: column.name, category: NO_VALUE, values, varied: fewer / rows.length, distinct: 2 }];
}
