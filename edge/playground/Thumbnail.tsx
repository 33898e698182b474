import { useMemo } from 'preact/hooks';
import { imageShape, kindOf, offers } from './model.ts';
import type { PanelProps } from './panels/panel.ts';
import type { Call } from './service.ts';
import { example } from './ui/brushes.ts';
import { Pixels } from './ui/Pixels.tsx';
import { useAnswer } from './useAnswer.ts';

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
  const sample: Call<'sample'> = { model: reference, operation: 'sample', body: { n: 10, seed: 3 } };
  const rows = drawn.map((row) => [...row, ...new Array<number>(model.condition?.size ?? 0).fill(0)]);
  const rebuild: Call<'reconstruct'> = { model: reference, operation: 'reconstruct', body: { rows } };
  const sampled = useAnswer(isSampled ? sample : null);
  const rebuilt = useAnswer(isSampled || !offers(model, 'reconstruct') ? null : rebuild);
  const shown = isSampled
    ? (sampled.answer?.rows ?? [])
    : drawn.flatMap((row, i) => [row, rebuilt.answer?.rows[i] ?? row]);
  return (
    <div class="tiles">
      {shown.map((row, i) => (
        <Pixels values={row} shape={shape} label="" key={i} />
      ))}
    </div>
  );
}

/** The mean row, as a line. */
function Course({ model }: PanelProps) {
  const values = model.features.statistics.mean.map((value) => value ?? 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = values.map(
    (value, i) =>
      `${((100 * i) / Math.max(1, values.length - 1)).toFixed(1)},${(48 - (44 * (value - low)) / (high - low || 1)).toFixed(1)}`,
  );
  return (
    <svg viewBox="0 0 100 50" preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points.join(' ')} />
    </svg>
  );
}

/** The most popular items, as bars. */
function Popular({ model }: PanelProps) {
  const shares = model.features.statistics.mean.map((share) => share ?? 0);
  const most = shares.toSorted((a, b) => b - a).slice(0, 24);
  return <Bars heights={most.map((share) => share / (most[0] || 1))} />;
}

/** Where the mean of each column lies between its lowest and its highest value. */
function Columns({ model }: PanelProps) {
  const { mean, min, max } = model.features.statistics;
  const heights = mean.slice(0, 24).map((value, i) => {
    const [low, high] = [min[i] ?? 0, max[i] ?? 1];
    return value === null || high === low ? 0.5 : (value - low) / (high - low);
  });
  return <Bars heights={heights} />;
}

/** @param heights In [0, 1]. */
function Bars({ heights }: { readonly heights: readonly number[] }) {
  return (
    <svg viewBox={`0 0 ${heights.length} 10`} preserveAspectRatio="none" aria-hidden="true">
      {heights.map((height, i) => (
        <rect x={i + 0.1} y={10 - 9 * height - 0.5} width={0.8} height={9 * height + 0.5} key={i} />
      ))}
    </svg>
  );
}
