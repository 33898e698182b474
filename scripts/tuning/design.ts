/** The settings of the trials: points that fill the space evenly. */
import { random } from '../../shared/random.ts';
import { type Dimension, keyOf, type TrialSettings, valueAt } from './space.ts';

/** Points that are drawn for each trial before a space of few values is taken to be exhausted. */
const DRAWS = 50;

/**
 * Returns different settings for up to `count` trials; fewer if the space has no more. They are points of the
 * additive recurrence of Roberts (2018, "The unreasonable effectiveness of quasirandom sequences"), shifted at
 * random: the same seed gives the same settings, and more trials begin with those of fewer.
 * @param first Settings of the first trial, if any.
 */
export function designOf(
  dimensions: readonly Dimension[],
  {
    count,
    seed,
    first,
  }: { readonly count: number; readonly seed: number; readonly first?: TrialSettings | undefined },
): TrialSettings[] {
  const source = random(seed, 'tune');
  const step = stepOf(dimensions.length);
  const shifts = dimensions.map(() => source.uniform());
  const settings = first === undefined ? [] : [first];
  const known = new Set(settings.map(keyOf));
  for (let i = 1; settings.length < count && i <= count * DRAWS; i++) {
    const point = dimensions.map((dimension, axis) => {
      const place = (shifts[axis]! + i * step ** (axis + 1)) % 1;
      return [dimension.name, valueAt(dimension, place)] as const;
    });
    const own = Object.fromEntries(point);
    if (known.has(keyOf(own))) continue;
    known.add(keyOf(own));
    settings.push(own);
  }
  return settings;
}

/** The inverse of the positive root of x^(d + 1) = x + 1; of the golden ratio for one dimension. */
function stepOf(dimensions: number): number {
  let root = 2;
  for (let i = 0; i < 60; i++) root = (1 + root) ** (1 / (dimensions + 1));
  return 1 / root;
}
