/** `LabelEncoder`: mapping strings to numbers or other strings. */
import type { Op, Tfjs, Value } from '../types.ts';
import { apply, shapeError } from '../value.ts';

/**
 * ONNX ML `LabelEncoder` of strings: the entry of `values_*` at the string's position in `keys_strings`, or
 * `default_*`.
 */
export const labelEncoderOp: Op = {
  type: 'LabelEncoder',
  domain: 'ai.onnx.ml',
  attributes: {
    keys_strings: 'strings',
    values_strings: 'strings',
    values_floats: 'floats',
    default_string: 'string',
    default_float: 'float',
  },
  infer: ([x], { values_strings }) => {
    requireStrings('LabelEncoder', [x!]);
    return [{ dtype: values_strings === undefined ? 'float32' : 'string', shape: x!.shape }];
  },
  gradient: null,
  kernel: (tf, [x], attributes) => {
    const { keys_strings: keys, values_strings: strings, values_floats: floats } = attributes;
    const places = placesOf(keys as readonly string[]);
    const { default_string: otherString, default_float: otherFloat } = attributes;
    const found = stringsOf(x!).map((text) => places.get(text));
    if (strings !== undefined) {
      const values = found.map((at) => (strings as readonly string[])[at ?? -1] ?? (otherString as string));
      return [tf.tensor(values, x!.shape, 'string')];
    }
    const values = found.map((at) => (floats as readonly number[])[at ?? -1] ?? (otherFloat as number));
    return [tf.tensor(values, x!.shape, 'float32')];
  },
};

/**
 * Maps each string in `keys` to the string at the same position of `values`, and other strings to `other`.
 */
export function translate(
  x: Value,
  keys: readonly string[],
  values: readonly string[],
  other: string,
): Value {
  return apply(labelEncoderOp, [x], { keys_strings: keys, values_strings: values, default_string: other });
}

/**
 * Maps each string in `keys` to the float32 number at the same position of `values`, and other strings to
 * `other`.
 */
export function lookUp(x: Value, keys: readonly string[], values: readonly number[], other: number): Value {
  return apply(labelEncoderOp, [x], { keys_strings: keys, values_floats: values, default_float: other });
}

export function requireStrings(op: string, inputs: readonly Value[]): void {
  if (inputs.some(({ dtype }) => dtype !== 'string')) throw shapeError(op, 'needs strings', inputs);
}

/** Returns the strings of a TensorFlow.js tensor, in row-major order. */
export function stringsOf(x: ReturnType<Tfjs['tensor']>): string[] {
  return Array.from(x.dataSync<'string'>());
}

export function placesOf(keys: readonly string[]): Map<string, number> {
  return new Map(keys.map((key, i) => [key, i]));
}
