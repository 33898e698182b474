import { useMemo } from 'preact/hooks';

const BINS = 60;
const HEIGHT = 60;

interface HistogramProps {
  /** In descending order. */
  readonly values: readonly number[];
  readonly at: number;
  readonly label: string;
}

/** The distribution of scores, on a logarithmic axis since few are many times higher than most; with a mark. */
export function Histogram({ values, at, label }: HistogramProps) {
  const { bars, placeOf } = useMemo(() => {
    const positive = values.filter((value) => value > 0);
    const [low, high] = [Math.log(positive.at(-1) ?? 1), Math.log(positive[0] ?? 1) + 1e-9];
    const place = (value: number) =>
      value <= 0 ? 0 : Math.min(BINS, Math.max(0, ((Math.log(value) - low) / (high - low)) * BINS));
    const counts = new Array<number>(BINS).fill(0);
    for (const value of values) counts[Math.min(BINS - 1, Math.floor(place(value)))]! += 1;
    const most = Math.max(1, ...counts);
    // The root keeps bins with a single row visible.
    return { bars: counts.map((count) => HEIGHT * Math.sqrt(count / most)), placeOf: place };
  }, [values]);
  const mark = placeOf(at);
  return (
    <svg
      class="histogram"
      viewBox={`0 0 ${BINS} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {bars.map((height, i) => (
        <rect
          class={i >= mark ? 'flag' : ''}
          x={i}
          y={HEIGHT - height}
          width={0.85}
          height={height}
          key={i}
        />
      ))}
      <line x1={mark} x2={mark} y1={0} y2={HEIGHT} />
    </svg>
  );
}
