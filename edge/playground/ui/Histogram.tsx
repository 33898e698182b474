import { useMemo } from 'preact/hooks';
import { short } from '../model.ts';
import type { ScoreAxis } from './scoreAxis.ts';

const BINS = 60;
const HEIGHT = 60;

interface HistogramProps {
  readonly values: readonly number[];
  readonly axis: ScoreAxis;
  readonly at: number;
  readonly label: string;
}

/** The distribution of scores, with a mark. */
export function Histogram({ values, axis, at, label }: HistogramProps) {
  const bars = useMemo(() => {
    const counts = new Array<number>(BINS).fill(0);
    for (const value of values) counts[Math.min(BINS - 1, Math.floor(BINS * axis.placeOf(value)))]! += 1;
    const most = Math.max(1, ...counts);
    // The root keeps bins with a single row visible.
    return counts.map((count) => HEIGHT * Math.sqrt(count / most));
  }, [values, axis]);
  const mark = BINS * axis.placeOf(at);
  return (
    <>
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
      <div class="ends faint" aria-hidden="true">
        <span>{short(axis.low)}</span>
        <span>score</span>
        <span>{short(axis.high)}</span>
      </div>
    </>
  );
}
