/**
 * Surprise: the negative logarithm of the share of training rows with a higher value, in nats. It makes
 * values on different scales comparable.
 */
import type { Matrix } from '../../shared/tensor.ts';
import { relu } from '../graph/ops/activations.ts';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { clip } from '../graph/ops/clip.ts';
import { log } from '../graph/ops/powers.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import type { Value } from '../graph/types.ts';
import { constant, float32s, scalar } from '../graph/value.ts';

/** A table of surprises by compressed value; between entries, they are interpolated. */
interface Table {
  readonly unit: number;
  readonly values: readonly number[];
  readonly surprises: readonly number[];
}

/** Most entries of a table, and of all tables together; the tail is kept at the cost of the rest. */
const MOST_ENTRIES = 64;
const MOST_IN_ALL = 2 ** 12;
/**
 * Values count as higher or lower by degrees within this difference of their logarithms. Otherwise surprise
 * could rise so steeply that rounding, which differs among runtimes, would become visible.
 */
const BLUR = 0.1;
/** Least difference of two entries of a table. */
const LEAST_STEP = BLUR / 4;
/** Most nats by which surprise rises for each unit of the logarithm, for the same reason. */
const STEEPEST = 20;
/**
 * Fits one table per column to the training rows, whose values are at least 0. Returns a function that maps
 * values `[N, columns]` to surprises, at least 0. Values enter as log(1 + value / unit), where the unit is
 * the median, but at least the column's `least`; beyond the largest of the training rows, the surprise grows with that
 * logarithm.
 */
export function fitSurprise(
  { data, rowCount, width }: Matrix,
  least: readonly number[],
): (values: Value) => Value {
  const most = Math.max(8, Math.min(MOST_ENTRIES, Math.floor(MOST_IN_ALL / width)));
  const tables = Array.from({ length: width }, (_, column) => {
    const own = Float32Array.from({ length: rowCount }, (_, row) => data[row * width + column]!);
    return tableOf(own.sort(), most, least[column]!);
  });
  const steps = Math.max(1, ...tables.map(({ values }) => values.length - 1));
  const [from, perRange, gains] = [0, 1, 2].map(() => new Float32Array(width * steps));
  tables.forEach(({ values, surprises }, column) => {
    for (let i = 0; i + 1 < values.length; i++) {
      from![column * steps + i] = values[i]!;
      perRange![column * steps + i] = 1 / (values[i + 1]! - values[i]!);
      gains![column * steps + i] = surprises[i + 1]! - surprises[i]!;
    }
  });
  const entries = (entry: Float32Array<ArrayBuffer>) =>
    constant({ dtype: 'float32', shape: [width, steps], data: entry });
  const [starts, slopes, rises] = [entries(from!), entries(perRange!), entries(gains!)];
  const perUnit = float32s(tables.map(({ unit }) => 1 / unit));
  const first = float32s(tables.map(({ surprises }) => surprises[0]!));
  const last = float32s(tables.map(({ values }) => values.at(-1)!));
  return (values) => {
    const compressed = log(add(mul(values, perUnit), scalar(1)));
    const share = clip(mul(sub(unsqueeze(compressed, [2]), starts), slopes), { min: 0, max: 1 });
    const within = add(reduceSum(mul(share, rises), [2]), first);
    return add(within, relu(sub(compressed, last)));
  };
}

function tableOf(ascending: Float32Array, most: number, least: number): Table {
  const count = ascending.length;
  const unit = Math.max(ascending[count >> 1]!, least);
  const compressed = Float64Array.from(ascending, (value) => Math.log1p(value / unit));
  const all = lowerThanEach(compressed).map(({ value, lower }) => ({
    value,
    surprise: -Math.log(1 - lower / (count + 1)),
  }));
  const [first, last] = [all[0]!, all.at(-1)!];
  // No row differs from another by more than rounding may.
  if (last.value - first.value < BLUR) return { unit, values: [last.value], surprises: [Math.LN2] };
  // Evenly spaced surprises, which keeps the tail.
  const spacing = (last.surprise - first.surprise) / (most - 1);
  const kept = [first];
  for (const entry of all) {
    const { value, surprise } = kept.at(-1)!;
    const isApart = entry.surprise - surprise >= spacing && entry.value - value >= LEAST_STEP;
    if (isApart && last.value - entry.value >= LEAST_STEP) kept.push(entry);
  }
  kept.push(last);
  const values = kept.map(({ value }) => value);
  const surprises = [first.surprise];
  for (let i = 1; i < kept.length; i++) {
    const most = surprises[i - 1]! + STEEPEST * (values[i]! - values[i - 1]!);
    surprises.push(Math.min(kept[i]!.surprise, most));
  }
  return { unit, values, surprises };
}

/** Returns each distinct value, with the number of those that are lower; the value itself counts as a half. */
function lowerThanEach(ascending: Float64Array): { readonly value: number; readonly lower: number }[] {
  const found: { value: number; lower: number }[] = [];
  // All values before `from` are lower; those between `from` and `to` by degrees.
  let [from, to, between] = [0, 0, 0];
  for (const value of ascending) {
    if (value === found.at(-1)?.value) continue;
    for (; to < ascending.length && ascending[to]! < value + BLUR / 2; to++) between += ascending[to]!;
    for (; ascending[from]! <= value - BLUR / 2; from++) between -= ascending[from]!;
    const degrees = (to - from) * (value / BLUR + 0.5) - between / BLUR;
    found.push({ value, lower: from + degrees });
  }
  return found;
}
