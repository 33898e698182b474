import type { Matrix } from '../../../shared/tensor.ts';
import { featureStatistics } from '../../data/statistics.ts';
import { add, mul, sub } from '../../graph/ops/arithmetic.ts';
import { reduceSumOp } from '../../graph/ops/broadcast.ts';
import { clip } from '../../graph/ops/clip.ts';
import { gather } from '../../graph/ops/gather.ts';
import { gemm } from '../../graph/ops/gemm.ts';
import { toFloat32, toInt64 } from '../../graph/ops/shape.ts';
import type { Value } from '../../graph/types.ts';
import { apply, constant, float32s, scalar } from '../../graph/value.ts';
import type { Member } from '../member.ts';
import type { Scaling } from '../rowView.ts';

/** Bins of the histogram of a column, and the density that is added to each. */
const BINS = 10;
const SMOOTHING = 0.1;
/** What is added to the share of a category: one that is not among the training rows must stand out. */
const CATEGORY_SMOOTHING = 0.002;

/** Histogram-based outlier score (Goldstein & Dengel, 2012); a category counts with its share of the rows. */
export const rarity: Member = {
  summary: 'single values are rare, each column on its own: histograms (Goldstein & Dengel, 2012)',
  fit: ({ scaled }, scaling) => {
    const each = columnRarity(scaled, scaling);
    return { score: (view) => apply(reduceSumOp, [each(view)], { axes: [1], keepdims: 1 }) };
  },
};

/** Returns the negative logarithm of the density of each column's value, `[N, columns]`, at least 0. */
export function columnRarity(rows: Matrix, scaling: Scaling): (view: { readonly scaled: Value }) => Value {
  const { groups } = scaling;
  const { width } = rows;
  const { min, max } = featureStatistics(rows);
  const bins = min.map((low, position) => binsOf(low, max[position]!));
  const isCategory = new Uint8Array(width);
  for (const { positions, oneHot } of groups)
    if (oneHot) for (const position of positions) isCategory[position] = 1;
  const table = new Float32Array(width * PLACES);
  for (let position = 0; position < width; position++) {
    const own = table.subarray(position * PLACES, (position + 1) * PLACES);
    if (isCategory[position] === 0) own.set(surprises(rows, position, bins[position]!));
  }
  const categories = categoryTerms(scaling);
  const owns = new Float32Array(width * groups.length);
  groups.forEach(({ positions }, column) => {
    for (const position of positions) owns[position * groups.length + column] = 1;
  });
  const [low, perUnit] = [float32s(bins.map((each) => each.low)), float32s(bins.map((each) => each.perUnit))];
  const first = float32s(Array.from({ length: width }, (_, position) => position * PLACES));
  const [entries, sums] = [float32s(table), matrix(owns, width, groups.length)];
  return ({ scaled }) => {
    const place = clip(add(mul(sub(scaled, low), perUnit), scalar(BELOW)), { min: 0, max: PLACES - 0.5 });
    const numbers = gather(entries, toInt64(add(toFloat32(toInt64(place)), first)), 0);
    return add(add(gemm(numbers, sums), gemm(scaled, categories.factors)), categories.offsets);
  };
}

/** Places before the first bin: of values far below it, and of those less than a bin below it. */
const BELOW = 2;
const PLACES = BINS + 2 * BELOW;

interface Bins {
  readonly low: number;
  /** One over the width of a bin. */
  readonly perUnit: number;
}

/** Constant columns have bins of width 1 around their value. */
function binsOf(low: number, high: number): Bins {
  return high > low
    ? { low, perUnit: Math.fround(BINS / (high - low)) }
    : { low: Math.fround(low - BINS / 2), perUnit: 1 };
}

/** The bin of a value, rounded at every step as the graph does: the edges of bins are values of many columns. */
function binOf(value: number, { low, perUnit }: Bins): number {
  const place = Math.fround(Math.fround(Math.fround(value - low) * perUnit) + BELOW);
  return Math.max(0, Math.min(BINS - 1, Math.trunc(place) - BELOW));
}

/** Values less than a bin outside the range count like those in the bin next to them, others as unseen. */
function surprises({ data, rowCount, width }: Matrix, position: number, bins: Bins): Float32Array {
  const counts = new Float64Array(BINS);
  for (let i = position; i < data.length; i += width) counts[binOf(data[i]!, bins)]!++;
  const density = (count: number) => (count / rowCount) * bins.perUnit + SMOOTHING;
  const most = density(Math.max(...counts));
  const surprise = (count: number) => Math.log(most / density(count));
  const inside = Array.from(counts, surprise);
  return Float32Array.of(surprise(0), inside[0]!, ...inside, inside.at(-1)!, surprise(0));
}

/** The surprise of a category is linear in its one-hot values; none of them counts as unseen. */
function categoryTerms({ groups, centre, factor }: Scaling): {
  readonly factors: Value;
  readonly offsets: Value;
} {
  const factors = new Float32Array(centre.length * groups.length);
  const offsets = new Float32Array(groups.length);
  groups.forEach(({ positions, oneHot }, column) => {
    if (!oneHot) return;
    const shares = positions.map((position) => centre[position]!);
    const other = Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0));
    const most = Math.max(other, ...shares);
    const surprise = (share: number) => Math.log((most + CATEGORY_SMOOTHING) / (share + CATEGORY_SMOOTHING));
    offsets[column] = surprise(other);
    positions.forEach((position, i) => {
      const more = surprise(shares[i]!) - surprise(other);
      factors[position * groups.length + column] = more / factor[position]!;
      offsets[column]! += more * centre[position]!;
    });
  });
  return { factors: matrix(factors, centre.length, groups.length), offsets: float32s(offsets) };
}

function matrix(data: Float32Array<ArrayBuffer>, rows: number, columns: number): Value {
  return constant({ dtype: 'float32', shape: [rows, columns], data });
}
