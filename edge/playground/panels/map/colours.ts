/** The colours of points by one of their values, and the legend of these. */
import type { MapColumn } from '../../../../shared/mapFile.ts';
import { short } from '../../model.ts';

export type Colour = readonly [red: number, green: number, blue: number];

interface LegendEntry {
  readonly name: string;
  readonly colour: Colour;
  readonly count?: number;
  /** Returns the points of a category. */
  readonly points?: () => number[];
}

export interface Coloured {
  /** RGBA of each point. */
  readonly colours: Uint8Array;
  readonly legend: readonly LegendEntry[];
  /** True if the legend is the ends and the middle of a scale. */
  readonly isScale: boolean;
}

/** Categories: distinguishable on light and on dark, also with the common kinds of colour blindness. */
const CATEGORIES: readonly Colour[] = [
  ...([[31, 119, 180] as const, [230, 120, 20] as const, [44, 150, 70] as const] as const),
  ...([[205, 50, 60] as const, [140, 100, 200] as const, [150, 95, 75] as const] as const),
  ...([[220, 100, 180] as const, [120, 130, 140] as const, [165, 160, 30] as const] as const),
  ...([[20, 165, 185] as const] as const),
];
const OTHER: Colour = [140, 140, 140];
/** From low to high: blue, green, yellow. */
const SCALE: readonly Colour[] = [
  [75, 60, 150],
  [45, 110, 160],
  [30, 155, 135],
  [100, 195, 85],
  [235, 200, 40],
];
const PLAIN: Colour = SCALE[1]!;

const OPACITY = 200;
const FADED = 26;

/** Colours points by a column; all alike without one. */
export function coloursBy(
  column: MapColumn | undefined,
  values: Float32Array | undefined,
  count: number,
): Coloured {
  if (column === undefined || values === undefined)
    return { colours: paint(count, () => PLAIN), legend: [], isScale: false };
  return column.categories === undefined ? scaled(values) : categorised(column.categories, values);
}

/** Fades all points but some. */
export function onlyThese(colours: Uint8Array, points: readonly number[]): Uint8Array {
  const faded = colours.map((value, at) => (at % 4 === 3 ? FADED : value));
  for (const point of points) faded[4 * point + 3] = 255;
  return faded;
}

function paint(count: number, colourOf: (point: number) => Colour): Uint8Array {
  const colours = new Uint8Array(4 * count);
  for (let point = 0; point < count; point++) {
    colours.set(colourOf(point), 4 * point);
    colours[4 * point + 3] = OPACITY;
  }
  return colours;
}

/** The most frequent categories have a colour each; the rest share one. */
function categorised(names: readonly string[], values: Float32Array): Coloured {
  const counts = new Array<number>(names.length).fill(0);
  for (const value of values) if (value >= 0) counts[value]! += 1;
  const order = [...counts.keys()].filter((index) => counts[index]! > 0);
  // In their own order where each has a colour: digits from 0 to 9.
  if (order.length > CATEGORIES.length) order.sort((a, b) => counts[b]! - counts[a]!);
  const own = order.slice(0, CATEGORIES.length);
  const colourOf = new Map(own.map((index, i) => [index, CATEGORIES[i]!]));
  const known = own.reduce((sum, index) => sum + counts[index]!, 0);
  const others = values.length - known;
  return {
    colours: paint(values.length, (point) => colourOf.get(values[point]!) ?? OTHER),
    legend: [
      ...own.map((index, i) => ({
        ...{ name: names[index]!, colour: CATEGORIES[i]!, count: counts[index]! },
        points: () => Array.from(values.keys()).filter((point) => values[point] === index),
      })),
      ...(others > 0
        ? [{ name: order.length > own.length ? 'other' : 'missing', colour: OTHER, count: others }]
        : []),
    ],
    isScale: false,
  };
}

/** From the 2nd to the 98th percentile: a few extreme values would make all others alike. */
function scaled(values: Float32Array): Coloured {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const at = (share: number) => known[Math.round(share * (known.length - 1))] ?? 0;
  const [low, middle, high] = [at(0.02), at(0.5), at(0.98)];
  const colourOf = (value: number): Colour => {
    if (Number.isNaN(value)) return OTHER;
    const place = Math.min(1, Math.max(0, (value - low) / (high - low || 1))) * (SCALE.length - 1);
    const [from, to] = [SCALE[Math.floor(place)]!, SCALE[Math.ceil(place)]!];
    const share = place % 1;
    const mix = (channel: 0 | 1 | 2) => Math.round((1 - share) * from[channel] + share * to[channel]);
    return [mix(0), mix(1), mix(2)];
  };
  return {
    colours: paint(values.length, (point) => colourOf(values[point]!)),
    legend: [
      { name: `${short(low)} or less`, colour: colourOf(low) },
      { name: `median ${short(middle)}`, colour: colourOf(middle) },
      { name: `${short(high)} or more`, colour: colourOf(high) },
      ...(known.length < values.length
        ? [{ name: 'missing', colour: OTHER, count: values.length - known.length }]
        : []),
    ],
    isScale: true,
  };
}
