/** The drop of a metric from champion to challenger, with a bootstrap confidence interval. */
import { random } from '../../../shared/random.ts';

export interface MetricDrop {
  readonly champion: number;
  readonly challenger: number;
  /** Amount by which the challenger is worse; negative if it is better. */
  readonly drop: number;
  /** Bounds of the confidence interval of the drop, at the confidence of the metric. */
  readonly low: number;
  readonly high: number;
}

interface Comparing {
  readonly better: 'lower' | 'higher';
  /** Unit of the drop: a share of the champion's mean, or that of the figures. */
  readonly drop: 'relative' | 'absolute';
  /** Confidence of the interval, in (0, 1). */
  readonly confidence: number;
  readonly seed: number;
}

const RESAMPLES = 1000;

/**
 * Computes the drop by a paired bootstrap (Efron & Tibshirani 1993, "An Introduction to the Bootstrap",
 * percentile intervals): rows are drawn with replacement, and both versions are measured on the same drawn
 * rows, so that rows that are hard for both cancel out. The same figures and seed give the same interval.
 * @param champion One figure per row; those of `challenger` belong to the same rows.
 */
export function pairedDrop(
  champion: ArrayLike<number>,
  challenger: ArrayLike<number>,
  { better, drop: kind, confidence, seed }: Comparing,
): MetricDrop {
  const { length } = champion;
  const source = random(seed, 'paired bootstrap');
  const dropOf = (old: number, now: number): number => {
    const worse = better === 'lower' ? now - old : old - now;
    if (kind === 'absolute' || worse === 0) return worse;
    return worse / Math.abs(old);
  };
  const means = (pick: (i: number) => number): [number, number] => {
    let [old, now] = [0, 0];
    for (let i = 0; i < length; i++) {
      const row = pick(i);
      old += champion[row]!;
      now += challenger[row]!;
    }
    return [old / length, now / length];
  };
  const [old, now] = means((i) => i);
  const drops = Float64Array.from({ length: RESAMPLES }, () =>
    dropOf(...means(() => source.integer(length))),
  );
  drops.sort();
  const at = (share: number) => drops[Math.round(share * (RESAMPLES - 1))]!;
  const beyond = (1 - confidence) / 2;
  return { champion: old, challenger: now, drop: dropOf(old, now), low: at(beyond), high: at(1 - beyond) };
}
