/** Minimising smooth convex functions of many variables by L-BFGS (Liu & Nocedal, 1989). */

/** The value at `x`; writes the gradient there. */
export type Objective = (x: Float64Array, gradient: Float64Array) => Promise<number>;

/** Steps that the curvature is estimated from. */
const MEMORY = 10;
const MAX_ITERATIONS = 200;
/** Share of the decrease that the slope promises which a step has to bring (Armijo, 1966). */
const SUFFICIENT = 1e-4;
/** A direction that no step this short descends along is level, but for rounding. */
const SHORTEST = 1e-12;

interface CurvaturePair {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  /** Their product. */
  readonly curvature: number;
}

/** From `start` to where no component of the gradient is above `tolerance`, or as near as rounding and 200 steps come. */
export async function minimise(
  objective: Objective,
  start: Float64Array,
  tolerance: number,
): Promise<Float64Array> {
  let x = start;
  let gradient = new Float64Array(x.length);
  let value = await objective(x, gradient);
  const steps: CurvaturePair[] = [];
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    if (gradient.every((slope) => Math.abs(slope) <= tolerance)) return x;
    const direction = descent(gradient, steps);
    const slope = dot(direction, gradient);
    const next = new Float64Array(x.length);
    const nextGradient = new Float64Array(x.length);
    // The first step has no curvature to go by: it is of length 1.
    let scale = steps.length === 0 ? 1 / Math.sqrt(dot(gradient, gradient)) : 1;
    for (; ; scale /= 2) {
      if (scale < SHORTEST) return x;
      for (let i = 0; i < x.length; i++) next[i] = x[i]! + scale * direction[i]!;
      const lower = await objective(next, nextGradient);
      if (!(lower <= value + SUFFICIENT * scale * slope)) continue;
      value = lower;
      break;
    }
    const moved = next.map((each, i) => each - x[i]!);
    const turned = nextGradient.map((each, i) => each - gradient[i]!);
    const curvature = dot(moved, turned);
    // Rounding may hide that the function is convex.
    if (curvature > 0) steps.push({ moved, turned, curvature });
    if (steps.length > MEMORY) steps.shift();
    [x, gradient] = [next, nextGradient];
  }
  return x;
}

/** Minus the gradient, times an estimate of the inverse Hessian: the two loops of Nocedal, 1980. */
function descent(gradient: Float64Array, steps: readonly CurvaturePair[]): Float64Array {
  const direction = gradient.map((slope) => -slope);
  const along = steps.map(() => 0);
  for (let i = steps.length - 1; i >= 0; i--) {
    const { moved, turned, curvature } = steps[i]!;
    along[i] = dot(moved, direction) / curvature;
    addTo(direction, turned, -along[i]!);
  }
  const last = steps.at(-1);
  if (last !== undefined) {
    const scale = last.curvature / dot(last.turned, last.turned);
    direction.forEach((each, i) => {
      direction[i] = scale * each;
    });
  }
  steps.forEach(({ moved, turned, curvature }, i) => {
    addTo(direction, moved, along[i]! - dot(turned, direction) / curvature);
  });
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addTo(sum: Float64Array, x: Float64Array, times: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += times * x[i]!;
}
