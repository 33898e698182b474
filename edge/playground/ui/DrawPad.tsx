import { useEffect, useRef, useState } from 'preact/hooks';
import type { ImageShape } from '../model.ts';
import { BRUSHES, type BrushName, stroke } from './brushes.ts';
import { imageOf } from './Pixels.tsx';

interface DrawPadProps {
  /** The values of the image. */
  readonly row: readonly number[];
  readonly shape: ImageShape;
  readonly brush: BrushName;
  readonly label: string;
  readonly onChange: (row: number[]) => void;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A canvas of the model's own pixels to draw on, by mouse, touch, pen or keyboard. */
export function DrawPad({ row, shape, brush, label, onChange }: DrawPadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef(row);
  const last = useRef<Point | null>(null);
  const [cursor, setCursor] = useState<Point | null>(null);
  drawn.current = row;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.putImageData(imageOf(row, shape), 0, 0);
    if (context && cursor) {
      context.fillStyle = '#f60';
      context.fillRect(cursor.x, cursor.y, 1, 1);
    }
  }, [row, shape, cursor]);
  const draw = (from: Point, to: Point) => {
    drawn.current = stroke(drawn.current, shape, BRUSHES[brush], from, to);
    onChange(drawn.current as number[]);
  };
  const at = (event: PointerEvent): Point => {
    const box = canvas.current!.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * shape.width - 0.5,
      y: ((event.clientY - box.top) / box.height) * shape.height - 0.5,
    };
  };
  const down = (event: PointerEvent) => {
    canvas.current!.setPointerCapture(event.pointerId);
    setCursor(null);
    last.current = at(event);
    draw(last.current, last.current);
  };
  const move = (event: PointerEvent) => {
    if (last.current === null) return;
    // Between two frames there may be several points.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const point of (events.length > 0 ? events : [event]).map(at)) {
      draw(last.current, point);
      last.current = point;
    }
  };
  const up = () => {
    last.current = null;
  };
  const key = (event: KeyboardEvent) => {
    const step = KEYS[event.key];
    const here = cursor ?? { x: Math.floor(shape.width / 2), y: Math.floor(shape.height / 2) };
    if (event.key === ' ' || event.key === 'Enter') draw(here, here);
    else if (step === undefined) return;
    const next = {
      x: Math.min(shape.width - 1, Math.max(0, here.x + (step?.x ?? 0))),
      y: Math.min(shape.height - 1, Math.max(0, here.y + (step?.y ?? 0))),
    };
    if (step && event.shiftKey) draw(here, next);
    setCursor(next);
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a drawing has keys of its own
    <canvas
      ref={canvas}
      class="pixels pad"
      width={shape.width}
      height={shape.height}
      tabindex={0}
      role="application"
      aria-roledescription="drawing"
      aria-label={`${label}. Arrow keys move, space draws, shift and arrow keys draw a line.`}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onKeyDown={key}
      onBlur={() => setCursor(null)}
    />
  );
}

const KEYS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
