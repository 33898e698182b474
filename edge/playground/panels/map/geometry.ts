/** Points of the plane: which are near, and which are inside. */

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Returns the `count` points that are nearest to a place, nearest first, without `except`. */
export function nearest(coordinates: Float32Array, { x, y }: Place, count: number, except = -1): number[] {
  const found: { readonly point: number; readonly distance: number }[] = [];
  for (let point = 0; point < coordinates.length / 2; point++) {
    if (point === except) continue;
    const distance = (coordinates[2 * point]! - x) ** 2 + (coordinates[2 * point + 1]! - y) ** 2;
    // Rows that cannot be encoded have no place.
    if (Number.isNaN(distance) || (found.length === count && distance >= found.at(-1)!.distance)) continue;
    const at = found.findIndex((other) => other.distance > distance);
    found.splice(at === -1 ? found.length : at, 0, { point, distance });
    found.length = Math.min(found.length, count);
  }
  return found.map(({ point }) => point);
}

/** Returns the points inside a closed line, by the even-odd rule. */
export function inside(coordinates: Float32Array, line: readonly Place[]): number[] {
  const [left, right] = [Math.min(...line.map(({ x }) => x)), Math.max(...line.map(({ x }) => x))];
  const points: number[] = [];
  for (let point = 0; point < coordinates.length / 2; point++) {
    const [x, y] = [coordinates[2 * point]!, coordinates[2 * point + 1]!];
    if (x < left || x > right) continue;
    let isIn = false;
    let last = line.at(-1)!;
    for (const next of line) {
      if (next.y > y !== last.y > y && x < ((last.x - next.x) * (y - next.y)) / (last.y - next.y) + next.x)
        isIn = !isIn;
      last = next;
    }
    if (isIn) points.push(point);
  }
  return points;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** The box around all points, never flat. */
export function boxOf(coordinates: ArrayLike<number>): Box {
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [bottom, top] = [left, right];
  for (let at = 0; at < coordinates.length; at += 2) {
    const [x, y] = [coordinates[at]!, coordinates[at + 1]!];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [bottom, top] = [Math.min(bottom, y), Math.max(top, y)];
  }
  if (!Number.isFinite(left)) return { left: -1, right: 1, bottom: -1, top: 1 };
  const least = 1e-6 + 0.05 * Math.max(right - left, top - bottom);
  return { left: left - least, right: right + least, bottom: bottom - least, top: top + least };
}
