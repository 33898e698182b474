/** Pictures of a search: the settings of all trials, and what a better figure costs. */
import { chart } from '../../../training/report/charts.ts';
import { figure } from '../../../training/report/format.ts';
import { type Html, html } from '../../../training/report/html.ts';
import { COLOURS } from '../../../training/report/theme.ts';
import { isBetter } from '../objectives.ts';
import type { ShownTrial } from '../shownTrials.ts';
import { type Dimension, placeOf } from '../space.ts';

/** Ratio of the largest to the smallest figure above which an axis is logarithmic. */
const LOGARITHMIC_FROM = 10;

/** Colours of the lines, by rank: the best, the others. */
const RANKS = { domain: ['best', 'other'], range: [COLOURS.second.light, COLOURS.accent.light] };

/** A line for each trial, through an axis for each setting and one for the figure, on which the best is at the top. */
export async function parallelCoordinates(
  dimensions: readonly Dimension[],
  trials: readonly ShownTrial[],
  by: string,
): Promise<Html> {
  const known = trials.filter(({ value }) => value !== null);
  const order = known.toSorted((a, b) => (isBetter(by, a.value!, b.value!) ? -1 : 1));
  const rankOf = (trial: ShownTrial) => order.indexOf(trial) / Math.max(1, order.length - 1);
  const axes = [...dimensions.map(({ name }) => name), by];
  const values = known.flatMap((trial) => {
    const places = [
      ...dimensions.map((each) => placeOf(each, trial.settings[each.name]) ?? 0),
      1 - rankOf(trial),
    ];
    return places.map((place, i) => ({
      trial: String(trial.trial),
      axis: axes[i]!,
      place,
      rank: trial === trials[0] ? 'best' : 'other',
      strength: 1 - 0.8 * rankOf(trial),
    }));
  });
  const ticks = dimensions.flatMap((dimension) =>
    ticksOf(dimension).map(({ place, text }) => ({ axis: dimension.name, place, text })),
  );
  const [best, worst] = [order[0]!.value!, order.at(-1)!.value!];
  const ends = [
    { axis: by, place: 1, text: figure(best) },
    { axis: by, place: 0, text: figure(worst) },
  ];
  const x = {
    field: 'axis',
    type: 'nominal' as const,
    sort: axes,
    title: null,
    axis: { labelAngle: 0, labelLimit: 140, grid: true, domain: false, ticks: false },
  };
  const y = { field: 'place', type: 'quantitative' as const, axis: null, scale: { domain: [-0.05, 1.05] } };
  const drawn = await chart(
    `Settings of ${known.length} trials, and their ${by}.`,
    {
      layer: [
        {
          data: { values },
          mark: { type: 'line', strokeWidth: 1.6 },
          encoding: {
            ...{ x, y },
            detail: { field: 'trial', type: 'nominal' },
            order: { field: 'axis', sort: null } as never,
            color: { field: 'rank', type: 'nominal', legend: null, scale: RANKS },
            opacity: { field: 'strength', type: 'quantitative', legend: null, scale: null },
          },
        },
        {
          data: { values: [...ticks, ...ends] },
          mark: { type: 'text', align: 'left', dx: 4, fontSize: 10, color: COLOURS.muted.light },
          encoding: { x, y, text: { field: 'text', type: 'nominal' } },
        },
      ],
    },
    300,
  );
  return html`<p class="note">A line for each trial: its settings, and its rank by ${by} on the right axis, the best at the top. The best trial is orange; the better the others, the stronger their lines.</p>${drawn}`;
}

/** Labels along an axis: all choices, or the ends of a range. */
function ticksOf(dimension: Dimension): { place: number; text: string }[] {
  const values = dimension.kind === 'choices' ? dimension.values : [dimension.low, dimension.high];
  return values.map((value) => ({
    place: placeOf(dimension, value)!,
    text:
      typeof value === 'number' ? figure(value) : typeof value === 'string' ? value : JSON.stringify(value),
  }));
}

/** The figure of each trial over a cost; a line joins the trials of which none is both better and cheaper. */
export async function tradeOff(
  trials: readonly ShownTrial[],
  by: string,
  cost: { readonly title: string; readonly of: (trial: ShownTrial) => number | undefined },
): Promise<Html> {
  const points = trials.flatMap((trial) => {
    const x = cost.of(trial);
    return x === undefined || trial.value === null
      ? []
      : [{ x, y: trial.value, name: String(trial.trial), epochs: trial.epochs }];
  });
  const front = frontOf(points, by);
  const most = Math.max(...points.map(({ epochs }) => epochs));
  const scaleOf = (values: readonly number[]) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return low > 0 && high / low > LOGARITHMIC_FROM
      ? ({ type: 'log', nice: true } as const)
      : ({ zero: false, nice: true } as const);
  };
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    title: cost.title,
    scale: scaleOf(points.map((each) => each.x)),
    axis: { grid: false },
  };
  const y = {
    field: 'y',
    type: 'quantitative' as const,
    title: by,
    scale: scaleOf(points.map((each) => each.y)),
  };
  return chart(`${by} over ${cost.title} for ${points.length} trials.`, {
    layer: [
      {
        data: { values: front },
        mark: { type: 'line', strokeWidth: 1.5, interpolate: 'step-after', color: COLOURS.second.light },
        encoding: { x, y },
      },
      {
        data: {
          values: points.map((each) => ({ ...each, whole: each.epochs === most ? 'all epochs' : 'fewer' })),
        },
        mark: { type: 'point', filled: true, size: 55, opacity: 1 },
        encoding: {
          ...{ x, y },
          color: {
            field: 'whole',
            type: 'nominal',
            legend: null,
            scale: { domain: ['all epochs', 'fewer'], range: [COLOURS.accent.light, COLOURS.muted.light] },
          },
        },
      },
      {
        data: { values: front },
        mark: { type: 'text', align: 'left', dx: 6, dy: -6, fontSize: 10, color: COLOURS.ink.light },
        encoding: { x, y, text: { field: 'name', type: 'nominal' } },
      },
    ],
  });
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The points of which no other is at least as cheap and better, by rising cost. */
export function frontOf<P extends Point>(points: readonly P[], by: string): P[] {
  const ascending = points.toSorted((a, b) => a.x - b.x || (isBetter(by, a.y, b.y) ? -1 : 1));
  const front: P[] = [];
  for (const point of ascending) {
    const last = front.at(-1);
    if (last === undefined || isBetter(by, point.y, last.y)) front.push(point);
  }
  return front;
}
