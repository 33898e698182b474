/** Minimisation of smooth convex functions of many variables by L-BFGS (Liu & Nocedal, 1989). */

/** Returns the value at `x` and writes the gradient at `x` into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => Promise<number>;

/** Past steps used to estimate the curvature. */
const MEMORY = 10;
const MAX_ITERATIONS = 200;
/** A step must achieve this share of the decrease predicted by the slope (Armijo, 1966). */
const SUFFICIENT = 1e-4;
/** Step length at which the line search gives up: the function is flat there except for rounding. */
const SHORTEST = 1e-12;

interface CurvaturePair {
  /** Change of x in a step. */
  readonly moved: Float64Array;
  /** Change of the gradient in that step. */
  readonly turned: Float64Array;
  /** Dot product of the two. */
  readonly curvature: number;
}

/**
 * Minimises from `start` until no component of the gradient exceeds `tolerance` in magnitude, the line search
 * finds no decrease, or 200 steps are taken.
 */
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
    // Without an estimate of the curvature, the first step has length 1.
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
    // Rounding can make the curvature of a convex function 0 or negative.
    if (curvature > 0) steps.push({ moved, turned, curvature });
    if (steps.length > MEMORY) steps.shift();
    [x, gradient] = [next, nextGradient];
  }
  return x;
}

/** Returns minus the estimated inverse Hessian times the gradient (the two-loop recursion, Nocedal, 1980). */
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
