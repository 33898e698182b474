/** Functions that all scalers share: (x - shift) / scale. */
import * as z from 'zod';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { clip } from '../graph/ops/clip.ts';
import { isNan, where } from '../graph/ops/where.ts';
import { float32s } from '../graph/value.ts';
import { LARGEST, type NumberTransform } from './transform.ts';

const NoOptions = z.strictObject({});

/** The number subtracted from every value, and the number the difference is divided by. */
export type Scaling = Readonly<Record<'shift' | 'scale', number>>;

export type Scaler = NumberTransform<typeof NoOptions, Scaling>;

/**
 * The largest magnitude of a scaled value: 1e38 in a column of small numbers still gets a finite score, since
 * the square of this, and of what layers make of it, is far from float32's limit.
 */
const FARTHEST = 1e15;

/** A shift from which the difference to a value may exceed float32's range. */
const FAR_SHIFT = 2 ** 100;

/**
 * All parts of a scaler except its summary. `scaling` receives the values that are present, in ascending
 * order. A scale of 0 (all values are the same) becomes 1.
 */
export function scaleBy(scaling: (ascending: Float32Array) => Scaling): Omit<Scaler, 'summary'> {
  return {
    kind: 'number',
    config: NoOptions,
    fit: (values) => {
      const { shift, scale } = scaling(ascendingOf(values));
      return { shift: Math.fround(shift), scale: Math.min(Math.fround(scale), LARGEST) || 1 };
    },
    // Called for every value of a table, so without an object for each.
    apply: (value, { shift, scale }) => {
      const factor = factorOf(shift);
      const difference = Math.fround(Math.fround(value * factor) - shift * factor);
      const scaled = Math.fround(difference / (scale * factor));
      return Math.min(Math.max(scaled, -FARTHEST), FARTHEST);
    },
    emit: (x, statistics) => {
      const all = statistics.map(safe);
      const column = (key: keyof (typeof all)[number]) => float32s(all.map((each) => each[key]));
      const within = all.every(({ factor }) => factor === 1) ? x : mul(x, column('factor'));
      const scaled = div(sub(within, column('shift')), column('scale'));
      // ONNX does not define Clip for NaN, so missing values bypass it.
      return where(isNan(scaled), scaled, clip(scaled, { min: -FARTHEST, max: FARTHEST }));
    },
    invert: (y, statistics) => {
      const value = add(
        mul(y, float32s(statistics.map(({ scale }) => scale))),
        float32s(statistics.map(({ shift }) => shift)),
      );
      return clip(value, { min: -LARGEST, max: LARGEST });
    },
  };
}

/** Halves everything where `value - shift` could overflow; the quotient stays the same. */
function factorOf(shift: number): number {
  return Math.abs(shift) < FAR_SHIFT ? 1 : 0.5;
}

function safe({ shift, scale }: Scaling): Scaling & Readonly<Record<'factor', number>> {
  const factor = factorOf(shift);
  return { factor, shift: shift * factor, scale: scale * factor };
}

const known = new WeakMap<Float32Array, Float32Array>();

/**
 * The values that are not missing (NaN), in ascending order; not to be changed. Sorting takes most of the time of
 * fitting a step, so that it is done once for all steps that are fitted to the same values.
 */
export function ascendingOf(values: Float32Array): Float32Array {
  const ascending = known.get(values) ?? presentValues(values).sort();
  known.set(values, ascending);
  return ascending;
}

function presentValues(values: Float32Array): Float32Array {
  const present = new Float32Array(values.length);
  let count = 0;
  for (const value of values) if (!Number.isNaN(value)) present[count++] = value;
  return present.subarray(0, count);
}
