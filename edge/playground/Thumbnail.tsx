import { useMemo } from 'preact/hooks';
import { imageShape, kindOf, offers } from './model.ts';
import type { PanelProps } from './panels/panel.ts';
import { columnsOf, usual } from './panels/table/columns.ts';
import type { Call } from './service.ts';
import { example } from './ui/brushes.ts';
import { Pixels } from './ui/Pixels.tsx';
import { useAnswer, useLatest } from './useAnswer.ts';

/** A small picture of a model, drawn by the model itself. */
export function Thumbnail(props: PanelProps) {
  const kinds = { images: Images, series: Course, items: Popular, table: Columns } as const;
  const View = kinds[kindOf(props.model)];
  return <View {...props} />;
}

/** Samples; or drawings, each with its reconstruction. */
function Images({ model, reference }: PanelProps) {
  const shape = useMemo(() => imageShape(model)!, [model]);
  const drawn = useMemo(() => (['7', '2', '4', '0'] as const).map((name) => example(name, shape)), [shape]);
  const isSampled = offers(model, 'sample');
  const sample: Call<'sample'> = {
    ...{ model: reference, operation: 'sample' },
    body: { n: 8, seed: 3, ...(model.condition?.labels && { label: 0 }) },
  };
  const rows = drawn.map((row) => [...row, ...new Array<number>(model.condition?.size ?? 0).fill(0)]);
  const rebuild: Call<'reconstruct'> = { model: reference, operation: 'reconstruct', body: { rows } };
  const sampled = useAnswer(isSampled ? sample : null);
  const isRebuilt = !isSampled && offers(model, 'reconstruct');
  const rebuilt = useAnswer(isRebuilt ? rebuild : null);
  const shown = isSampled
    ? (sampled.answer?.rows ?? [])
    : drawn.flatMap((row, i) => (isRebuilt ? [row, rebuilt.answer?.rows[i] ?? row] : [row]));
  return (
    <>
      <div class="tiles">
        {shown.map((row, i) => (
          <Pixels values={row} shape={shape} label="" key={i} />
        ))}
      </div>
      <span class="faint">
        {isSampled
          ? 'images that it has drawn'
          : isRebuilt
            ? 'drawings, each with its reconstruction'
            : 'drawings'}
      </span>
    </>
  );
}

/** The mean row as a line, with its forecast if there is one. */
function Course({ model, reference }: PanelProps) {
  const mean = model.features.statistics.mean.map((value) => value ?? 0);
  const forecasts = offers(model, 'forecast');
  const { answer: width } = useLatest(forecasts ? reference : null, ({ widthOf }) =>
    widthOf(reference, 'forecast'),
  );
  const history = mean.slice(0, width ?? mean.length);
  const call: Call<'forecast'> = { model: reference, operation: 'forecast', body: { rows: [history] } };
  const next = useAnswer(width === undefined ? null : call).answer?.forecasts[0] ?? [];
  const all = [...history, ...next];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const points = all.map((value, i) => {
    const x = (100 * i) / Math.max(1, all.length - 1);
    return `${x.toFixed(1)},${(48 - (44 * (value - low)) / (high - low || 1)).toFixed(1)}`;
  });
  return (
    <>
      <svg viewBox="0 0 100 50" preserveAspectRatio="none" aria-hidden="true">
        <polyline points={points.slice(0, history.length).join(' ')} />
        <polyline class="second" points={points.slice(history.length - 1).join(' ')} />
      </svg>
      <span class="faint">{next.length > 0 ? 'the mean row, and its forecast' : 'the mean row'}</span>
    </>
  );
}

/** The most popular items, as bars. */
function Popular({ model }: PanelProps) {
  const shares = model.features.statistics.mean.map((share) => share ?? 0);
  const most = shares.toSorted((a, b) => b - a).slice(0, 40);
  return (
    <Bars heights={most.map((share) => share / (most[0] || 1))} title="popularity of the first 40 items" />
  );
}

/** What an ordinary row is judged by: the columns behind its score. */
function Columns({ model, reference }: PanelProps) {
  const row = Object.fromEntries(columnsOf(model).map((column) => [column.name, usual(column)]));
  const call: Call<'score'> = {
    ...{ model: reference, operation: 'score', body: { rows: [row] }, query: { top: '100' } },
  };
  const { answer } = useAnswer(offers(model, 'score') ? call : null);
  const shares = answer?.scores[0]?.contributions.map(({ share }) => share) ?? [];
  const title = 'share of each column in the score of an ordinary row';
  return (
    shares.length > 0 && <Bars heights={shares.map((share) => share / (shares[0] || 1))} title={title} />
  );
}

/** @param heights In [0, 1]. */
function Bars({ heights, title }: { readonly heights: readonly number[]; readonly title: string }) {
  return (
    <>
      <svg viewBox={`0 0 ${heights.length} 10`} preserveAspectRatio="none" aria-hidden="true">
        {heights.map((height, i) => (
          <rect x={i + 0.1} y={10 - 9 * height - 0.2} width={0.8} height={9 * height + 0.2} key={i} />
        ))}
      </svg>
      <span class="faint">{title}</span>
    </>
  );
}
