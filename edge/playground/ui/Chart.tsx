import { useRef } from 'preact/hooks';
import { short } from '../model.ts';
import { roundTicks } from './ticks.ts';

const WIDTH = 800;
const HEIGHT = 300;

/** Values from position `start` on. */
export interface Line {
  readonly name: string;
  readonly values: readonly number[];
  readonly start?: number;
  /** Half the height of a band around each value. */
  readonly band?: readonly number[];
  readonly class: string;
}

interface ChartProps {
  readonly lines: readonly Line[];
  /** Positions along the axis, counted from 1 for the reader. */
  readonly length: number;
  readonly low: number;
  readonly high: number;
  readonly label: string;
  /** Receives a stroke of the reader: a value for each position between two. */
  readonly onDraw?: (from: readonly [number, number], to: readonly [number, number]) => void;
}

/** Lines over positions, that can be drawn over. */
export function Chart({ lines, length, low, high, label, onDraw }: ChartProps) {
  const svg = useRef<SVGSVGElement>(null);
  const last = useRef<readonly [number, number] | null>(null);
  const x = (position: number) => (position / Math.max(1, length - 1)) * WIDTH;
  const y = (value: number) => HEIGHT - ((value - low) / (high - low)) * HEIGHT;
  const path = (values: readonly number[], start: number) =>
    values
      .map((value, i) => `${i === 0 ? 'M' : 'L'}${x(start + i).toFixed(1)} ${y(value).toFixed(1)}`)
      .join('');
  const bandOf = ({ values, start = 0, band = [] }: Line) => {
    const upper = path(
      values.map((value, i) => value + band[i]!),
      start,
    );
    const lower = values.map((value, i) => `L${x(start + i).toFixed(1)} ${y(value - band[i]!).toFixed(1)}`);
    return `${upper}${lower.toReversed().join('')}Z`;
  };
  const at = (event: PointerEvent): readonly [number, number] => {
    const box = svg.current!.getBoundingClientRect();
    const position = ((event.clientX - box.left) / box.width) * (length - 1);
    const value = high - ((event.clientY - box.top) / box.height) * (high - low);
    return [position, Math.min(high, Math.max(low, value))];
  };
  const down = (event: PointerEvent) => {
    svg.current!.setPointerCapture(event.pointerId);
    last.current = at(event);
    onDraw?.(last.current, last.current);
  };
  const move = (event: PointerEvent) => {
    if (last.current === null) return;
    const here = at(event);
    onDraw?.(last.current, here);
    last.current = here;
  };
  const up = () => {
    last.current = null;
  };
  const ticks = roundTicks(low, high);
  return (
    <div class="chart">
      <div class="axis faint" aria-hidden="true">
        {ticks.map((tick) => (
          <span style={{ top: `${(100 * y(tick)) / HEIGHT}%` }} key={tick}>
            {short(tick)}
          </span>
        ))}
      </div>
      <svg
        ref={svg}
        class={onDraw ? 'drawable' : ''}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
      >
        {ticks.map((tick) => (
          <line class="grid" x1={0} x2={WIDTH} y1={y(tick)} y2={y(tick)} key={tick} />
        ))}
        {lines.map(
          (line) =>
            line.band !== undefined && <path class={`band ${line.class}`} d={bandOf(line)} key={line.name} />,
        )}
        {lines.map((line) => (
          <path class={`line ${line.class}`} d={path(line.values, line.start ?? 0)} key={line.name} />
        ))}
      </svg>
      <div class="steps faint" aria-hidden="true">
        {[...new Set([0, ...lines.map(({ start = 0 }) => start), length - 1])].map((position) => (
          <span style={{ left: `${(100 * x(position)) / WIDTH}%` }} key={position}>
            {position === 0 ? 'step 1' : position + 1}
          </span>
        ))}
      </div>
      <ul class="legend">
        {lines.map((line) => (
          <li class={line.class} key={line.name}>
            {line.name}
          </li>
        ))}
      </ul>
    </div>
  );
}
