/** What the scalers have in common: (x - shift) / scale. */
import * as z from 'zod';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { float32s } from '../graph/value.ts';
import type { NumberTransform } from './transform.ts';

const NoOptions = z.strictObject({});

/** What is taken off every value, and what it is divided by. */
export type Scaling = Readonly<Record<'shift' | 'scale', number>>;

/** A scaler by the scaling of known values, ascending; those that are all the same are not scaled. */
export function scaler(
  summary: string,
  scaling: (ascending: Float32Array) => Scaling,
): NumberTransform<typeof NoOptions, Scaling> {
  return {
    kind: 'number',
    summary,
    config: NoOptions,
    fit: (values) => {
      const { shift, scale } = scaling(known(values).sort());
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

/** The values that are not missing. */
export function known(values: Float32Array): Float32Array {
  return values.filter((value) => !Number.isNaN(value));
}
