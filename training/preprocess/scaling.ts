/** Functions that all scalers share: (x - shift) / scale. */
import * as z from 'zod';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { float32s } from '../graph/value.ts';
import type { NumberTransform } from './transform.ts';

const NoOptions = z.strictObject({});

/** The number subtracted from every value, and the number the difference is divided by. */
export type Scaling = Readonly<Record<'shift' | 'scale', number>>;

export type Scaler = NumberTransform<typeof NoOptions, Scaling>;

/**
 * All parts of a scaler except its summary. `scaling` receives the values that are present, in ascending
 * order. A scale of 0 (all values are the same) becomes 1.
 */
export function scaleBy(scaling: (ascending: Float32Array) => Scaling): Omit<Scaler, 'summary'> {
  return {
    kind: 'number',
    config: NoOptions,
    fit: (values) => {
      const { shift, scale } = scaling(presentValues(values).sort());
      return { shift: Math.fround(shift), scale: Math.fround(scale) || 1 };
    },
    apply: (value, { shift, scale }) => Math.fround(Math.fround(value - shift) / scale),
    emit: (x, statistics) =>
      div(
        sub(x, float32s(statistics.map(({ shift }) => shift))),
        float32s(statistics.map(({ scale }) => scale)),
      ),
    invert: (y, statistics) =>
      add(
        mul(y, float32s(statistics.map(({ scale }) => scale))),
        float32s(statistics.map(({ shift }) => shift)),
      ),
  };
}

/** The values that are not missing (NaN). */
export function presentValues(values: Float32Array): Float32Array {
  return values.filter((value) => !Number.isNaN(value));
}
