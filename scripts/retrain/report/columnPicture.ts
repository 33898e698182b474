/** A picture of a column: its distribution now, in the champion's data, and weeks ago. */
import type { ColumnProfile } from '../../../training/data/columnProfile.ts';
import { chart } from '../../../training/report/charts.ts';
import type { Html } from '../../../training/report/html.ts';
import { COLOURS } from '../../../training/report/theme.ts';

/** Most categories in a picture. */
const MOST_BARS = 20;

/** Data in the order of their age, with their colours. */
const COLOUR_OF = {
  'weeks ago': COLOURS.second.light,
  champion: COLOURS.muted.light,
  now: COLOURS.accent.light,
} as const;

/** @param reference The column of some weeks ago, for what has moved since. */
export function columnPicture(
  now: ColumnProfile,
  before: ColumnProfile | undefined,
  reference?: ColumnProfile,
): Promise<Html> {
  const series: Series = [
    { data: 'now', profile: now },
    ...(before === undefined ? [] : [{ data: 'champion' as const, profile: before }]),
    ...(reference === undefined ? [] : [{ data: 'weeks ago' as const, profile: reference }]),
  ];
  return series.every(({ profile }) => profile.shares !== undefined) ? bars(series) : curves(series);
}

type Series = readonly { readonly data: keyof typeof COLOUR_OF; readonly profile: ColumnProfile }[];

function scaleOf(series: Series) {
  const shown = series.map(({ data }) => data);
  const domain = (Object.keys(COLOUR_OF) as (keyof typeof COLOUR_OF)[]).filter((each) =>
    shown.includes(each),
  );
  return { domain, range: domain.map((each) => COLOUR_OF[each]) };
}

function colour(series: Series) {
  return {
    field: 'data',
    type: 'nominal',
    title: null,
    scale: scaleOf(series),
    legend: { orient: 'top' },
  } as const;
}

function bars(series: Series): Promise<Html> {
  const names = [...new Set(series.flatMap(({ profile }) => profile.shares!.map(([name]) => name)))];
  const shown = names.slice(0, MOST_BARS);
  const values = series.flatMap(({ data, profile }) => {
    const shares = new Map(profile.shares);
    return shown.map((value) => ({ data, value, share: shares.get(value) ?? 0 }));
  });
  const { name } = series[0]!.profile;
  return chart(
    `Share of each value of ${name}.`,
    {
      data: { values },
      mark: 'bar',
      encoding: {
        y: { field: 'value', type: 'nominal', sort: null, title: null },
        yOffset: { field: 'data', scale: { domain: scaleOf(series).domain } },
        x: {
          field: 'share',
          type: 'quantitative',
          title: 'share of the rows with a value',
          axis: { format: '~%' },
        },
        color: colour(series),
      },
    },
    60 + 24 * shown.length,
  );
}

/** Cumulative distributions: the largest distance between the two is that of Kolmogorov and Smirnov. */
function curves(series: Series): Promise<Html> {
  const isTime = series[0]!.profile.type === 'date';
  const values = series.flatMap(({ data, profile }) => {
    const { quantiles = [] } = profile;
    return quantiles.map((value, i) => ({ data, value, share: i / (quantiles.length - 1) }));
  });
  const { name } = series[0]!.profile;
  return chart(`Share of the rows up to each value of ${name}.`, {
    data: { values },
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2 },
    encoding: {
      x: isTime
        ? { field: 'value', type: 'temporal', title: name }
        : { field: 'value', type: 'quantitative', title: name, scale: { zero: false } },
      y: {
        field: 'share',
        type: 'quantitative',
        title: 'share of the rows up to this value',
        axis: { format: '~%' },
      },
      color: colour(series),
      order: { field: 'share', type: 'quantitative' },
    },
  });
}
