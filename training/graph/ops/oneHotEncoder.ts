/** `OneHotEncoder`: one-hot encoding of strings. */
import type { Op, Value } from '../types.ts';
import { apply, float32, GraphError } from '../value.ts';
import { placesOf, requireStrings, stringsOf } from './labelEncoder.ts';
import { squeeze } from './squeeze.ts';

/**
 * ONNX ML `OneHotEncoder` of strings along a new last axis. With `zeros` 0, unknown strings fail at run time.
 */
export const oneHotEncoderOp: Op = {
  type: 'OneHotEncoder',
  domain: 'ai.onnx.ml',
  attributes: { cats_strings: 'strings', zeros: 'int' },
  infer: ([x], { cats_strings }) => {
    requireStrings('OneHotEncoder', [x!]);
    return float32([...x!.shape, (cats_strings as readonly string[]).length]);
  },
  gradient: null,
  kernel: (tf, [x], { cats_strings, zeros }) => {
    const categories = cats_strings as readonly string[];
    const places = placesOf(categories);
    const indices = stringsOf(x!).map((text) => places.get(text) ?? -1);
    if (zeros === 0 && indices.includes(-1))
      throw new GraphError(`OneHotEncoder: expected one of ${categories.join(', ')}`);
    const encoded = tf.oneHot(tf.tensor1d(indices, 'int32'), categories.length, 1, 0, 'float32');
    return [encoded.reshape([...x!.shape, categories.length])];
  },
};

/**
 * One-hot encodes strings `[N, 1]` as `[N, categories]`. An unknown string becomes a row of zeros or, with
 * `error`, fails the run of the graph.
 */
export function oneHotOfStrings(x: Value, categories: readonly string[], unknown: 'zeros' | 'error'): Value {
  const zeros = unknown === 'zeros' ? 1 : 0;
  return squeeze(apply(oneHotEncoderOp, [x], { cats_strings: categories, zeros }), [1]);
}
