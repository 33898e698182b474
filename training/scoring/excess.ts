/**
 * Excess: how far a value is above the median of the training rows, on a logarithmic scale, in halves of the
 * interquartile range. It makes scores on different scales comparable, and keeps how heavy their tails are:
 * a score whose tail is long among the training rows has more to tell than one whose tail is short.
 */
import type { Matrix } from '../../shared/tensor.ts';
import { softplus } from '../graph/ops/activations.ts';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { log } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { float32s, scalar } from '../graph/value.ts';

/** Least unit of values: below it, most of a value may be rounding. */
const LEAST_UNIT = 0.05;
/** Least half of the interquartile range, for values that hardly differ: rounding must not count. */
const LEAST_HALF_RANGE = 0.02;
/** The same if the median is below the least unit: rounding is a larger share of such values. */
const LEAST_HALF_RANGE_OF_SMALL = 0.1;

/**
 * Fits one scale per column to the training rows, whose values are at least 0. Returns a function that maps
 * values `[N, columns]` to their excess: log(1 + e^z), where z is the distance of log(1 + value / unit) from
 * its median, and the unit is the median value. It is almost z above the median, and almost 0 far below it.
 */
export function fitExcess({ data, rowCount, width }: Matrix): (values: Value) => Value {
  const scales = Array.from({ length: width }, (_, column) =>
    scaleOf(Float32Array.from({ length: rowCount }, (_, row) => data[row * width + column]!).sort()),
  );
  const perUnit = float32s(scales.map(({ unit }) => 1 / unit));
  const median = float32s(scales.map((scale) => scale.median));
  const perHalfRange = float32s(scales.map(({ halfRange }) => 1 / halfRange));
  return (values) => {
    const compressed = log(add(mul(values, perUnit), scalar(1)));
    return softplus(mul(sub(compressed, median), perHalfRange));
  };
}

function scaleOf(ascending: Float32Array) {
  const at = (share: number) => {
    const place = share * (ascending.length - 1);
    const [low, high] = [ascending[Math.floor(place)]!, ascending[Math.ceil(place)]!];
    return low + (place - Math.floor(place)) * (high - low);
  };
  const unit = Math.max(at(0.5), LEAST_UNIT);
  const least = at(0.5) < LEAST_UNIT ? LEAST_HALF_RANGE_OF_SMALL : LEAST_HALF_RANGE;
  const compressed = (share: number) => Math.log1p(at(share) / unit);
  return {
    unit,
    median: compressed(0.5),
    halfRange: Math.max((compressed(0.75) - compressed(0.25)) / 2, least),
  };
}
