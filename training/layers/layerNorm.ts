/** Layer normalisation (Ba et al., 2016): every row by itself, over all its features or all its feature maps together. */
import { variable } from '../graph/value.ts';
import { learnedAffine, type Normalization, standardize } from './normalization.ts';

/**
 * As PyTorch's `LayerNorm` after dense layers, and as its `GroupNorm` with one group after convolutional ones, where the
 * learned scale and shift are per channel. Rows do not see each other, so training and evaluation are the same.
 */
export const layerNorm: Normalization = (map, name, channels) => {
  const bias = variable(`${name}/bias`, [channels], new Float32Array(channels));
  const { apply } = learnedAffine(name, channels);
  return (x) => {
    const y = map(x, { bias });
    const allButRows = y.shape.slice(1).map((_, axis) => axis + 1);
    return apply(standardize(y, allButRows).standardized);
  };
};
