import type { Ref } from 'preact';
import { useEffect, useImperativeHandle, useRef, useState } from 'preact/hooks';
import { type Box, inside, nearest, type Place } from './geometry.ts';
import type { Mark, Scene } from './scene.ts';

export interface ScatterHandle {
  readonly fit: () => void;
  readonly zoom: (by: number) => void;
  /** The corners of what is in view. */
  readonly corners: () => readonly Place[];
}

interface ScatterProps {
  readonly handle: Ref<ScatterHandle>;
  readonly coordinates: Float32Array;
  readonly colours: Uint8Array;
  readonly marks: readonly Mark[];
  /** What the view shows at first. */
  readonly whole: Box;
  readonly isLasso: boolean;
  readonly label: string;
  readonly onChoose: (point: number) => void;
  readonly onHover: (point: number | undefined, at: Place) => void;
  readonly onSelect: (points: readonly number[]) => void;
}

/** How far from a point the pointer may be, in pixels. */
const REACH = 12;
/** Movement, in pixels, up to which a press is a click. */
const STILL = 4;

/** Points of the plane: drag to move, scroll or pinch to zoom, click to choose; or draw around some of them. */
export function Scatter(props: ScatterProps) {
  const { handle, coordinates, colours, marks, whole, isLasso, label } = props;
  const host = useRef<HTMLDivElement>(null);
  const [scene, setScene] = useState<Scene>();
  const [error, setError] = useState<Error>();
  // The line as it was drawn last, and as it is shown: several movements may come between two renderings.
  const drawn = useRef<readonly Place[]>([]);
  const [line, setLine] = useState<readonly Place[]>([]);
  const draw = (points: readonly Place[]) => {
    drawn.current = points;
    setLine(points);
  };
  const pressed = useRef<Place | null>(null);
  useEffect(() => {
    let made: Scene | undefined;
    let isGone = false;
    import('./scene.ts')
      .then(({ createScene }) => {
        if (isGone) return;
        made = createScene(host.current!, { onMove: () => undefined, onError: setError });
        setScene(made);
      })
      .catch(setError);
    return () => {
      isGone = true;
      made?.dispose();
    };
  }, []);
  useEffect(() => scene?.fit(whole), [scene, whole]);
  useEffect(() => scene?.show(coordinates, colours, marks), [scene, coordinates, colours, marks]);
  useEffect(() => scene?.setMovable(!isLasso), [scene, isLasso]);
  useImperativeHandle(handle, () => ({
    fit: () => scene?.fit(whole),
    zoom: (by) => scene?.move(0, 0, by),
    corners: () => cornersOf(scene?.box() ?? whole),
  }));
  const pixelOf = (event: PointerEvent): Place => {
    const box = host.current!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const pointAt = (pixel: Place): number | undefined => {
    if (scene === undefined) return undefined;
    const place = scene.placeAt(pixel);
    const [point] = nearest(coordinates, place, 1);
    const reach = Math.abs(scene.placeAt({ x: pixel.x + REACH, y: pixel.y }).x - place.x);
    if (point === undefined) return undefined;
    const [x, y] = [coordinates[2 * point]!, coordinates[2 * point + 1]!];
    return Math.hypot(x - place.x, y - place.y) <= reach ? point : undefined;
  };
  const down = (event: PointerEvent) => {
    pressed.current = pixelOf(event);
    if (!isLasso) return;
    host.current!.setPointerCapture(event.pointerId);
    draw([pressed.current]);
  };
  const move = (event: PointerEvent) => {
    const pixel = pixelOf(event);
    if (pressed.current && isLasso) draw([...drawn.current, pixel]);
    else if (event.buttons === 0) props.onHover(pointAt(pixel), pixel);
  };
  const up = (event: PointerEvent) => {
    const pixel = pixelOf(event);
    const from = pressed.current;
    pressed.current = null;
    if (isLasso) {
      const around = drawn.current;
      draw([]);
      if (scene && around.length > 2) props.onSelect(inside(coordinates, around.map(scene.placeAt)));
      return;
    }
    const point =
      from && Math.hypot(pixel.x - from.x, pixel.y - from.y) <= STILL ? pointAt(pixel) : undefined;
    if (point !== undefined) props.onChoose(point);
  };
  const key = (event: KeyboardEvent) => {
    if (scene === undefined) return;
    const step = STEPS[event.key];
    if (step) scene.move(...step);
    else if (event.key === '0') scene.fit(whole);
    else if (event.key === 'Enter') {
      const { left, right, bottom, top } = scene.box();
      const [point] = nearest(coordinates, { x: (left + right) / 2, y: (bottom + top) / 2 }, 1);
      if (point !== undefined) props.onChoose(point);
    } else return;
    event.preventDefault();
  };
  return (
    <div class="plane" aria-busy={scene === undefined && error === undefined}>
      <div
        ref={host}
        class={isLasso ? 'surface lasso' : 'surface'}
        tabindex={0}
        role="application"
        aria-roledescription="map"
        aria-label={`${label}. Arrow keys move, plus and minus zoom, 0 shows everything, Enter chooses the point in the middle.`}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={() => {
          pressed.current = null;
          draw([]);
        }}
        onPointerLeave={(event) => props.onHover(undefined, pixelOf(event))}
        onKeyDown={key}
      />
      {line.length > 1 && (
        <svg class="line" aria-hidden="true">
          <polygon points={line.map(({ x, y }) => `${x},${y}`).join(' ')} />
        </svg>
      )}
      {error && (
        <p class="notice" role="alert">
          The map cannot be drawn: {error.message}. It needs WebGL 2; points can still be found by their row.
        </p>
      )}
    </div>
  );
}

const cornersOf = ({ left, right, bottom, top }: Box): Place[] => [
  { x: left, y: bottom },
  { x: right, y: bottom },
  { x: right, y: top },
  { x: left, y: top },
];

const STEPS: Readonly<Record<string, readonly [number, number, number?]>> = {
  ArrowLeft: [-0.1, 0],
  ArrowRight: [0.1, 0],
  ArrowUp: [0, 0.1],
  ArrowDown: [0, -0.1],
  '+': [0, 0, 0.5],
  '=': [0, 0, 0.5],
  '-': [0, 0, -0.5],
};
