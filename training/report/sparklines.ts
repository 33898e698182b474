/** Small figures without axes. */
import type { NullableFigures } from '../evaluate/evidence/evaluation.ts';
import { described } from './charts.ts';
import { type Html, raw } from './html.ts';

export interface SparklineCurve {
  readonly values: NullableFigures;
  readonly colour: string;
}

const WIDTH = 240;
const HEIGHT = 80;

/** Filled area between two curves over the same positions. */
export interface SparklineBand {
  readonly between: readonly [NullableFigures, NullableFigures];
  readonly colour: string;
}

/**
 * Curves over the same positions and range, drawn on top of the band, if any; a missing value interrupts a
 * curve.
 */
export function curves(description: string, drawn: readonly SparklineCurve[], band?: SparklineBand): Html {
  const values = drawn.flatMap((curve) => curve.values.filter((value) => value !== null));
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  const point = (value: number, i: number, count: number) => {
    const x = (WIDTH * i) / Math.max(1, count - 1);
    return `${x.toFixed(1)},${(2 + (HEIGHT - 4) * (1 - (value - low) / range)).toFixed(1)}`;
  };
  const paths = drawn.map(({ values: own, colour }) => {
    const steps = own.map((value, i) => {
      if (value === null) return '';
      const isStart = i === 0 || own[i - 1] === null;
      return `${isStart ? 'M' : 'L'}${point(value, i, own.length)}`;
    });
    return `<path fill="none" stroke="${colour}" stroke-width="1.5" vector-effect="non-scaling-stroke" d="${steps.join('')}"/>`;
  });
  return svg(description, (band === undefined ? '' : bandPath(band, point)) + paths.join(''));
}

/** Outline along one curve and back along the other, skipping positions where either value is missing. */
function bandPath(
  { between: [one, other], colour }: SparklineBand,
  point: (value: number, i: number, count: number) => string,
): string {
  const known = one.flatMap((value, i) => {
    const against = other[i];
    return value === null || against === null || against === undefined ? [] : [{ i, value, against }];
  });
  const there = known.map(({ i, value }) => point(value, i, one.length));
  const back = known.toReversed().map(({ i, against }) => point(against, i, one.length));
  return `<path fill="${colour}" fill-opacity="0.3" d="M${[...there, ...back].join('L')}z"/>`;
}

/** Bars scaled so that the highest fills the figure. */
export function bars(description: string, counts: readonly number[], colour: string): Html {
  const highest = Math.max(...counts, 1);
  const width = WIDTH / counts.length;
  const steps = counts.map((value, i) => {
    const height = (HEIGHT * value) / highest;
    return `M${(i * width).toFixed(1)},${HEIGHT}v${(-height).toFixed(1)}h${(0.9 * width).toFixed(1)}v${height.toFixed(1)}z`;
  });
  return svg(description, `<path fill="${colour}" d="${steps.join('')}"/>`);
}

function svg(description: string, content: string): Html {
  const open = `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">`;
  return raw(`${described(open, description)}${content}</svg>`);
}
