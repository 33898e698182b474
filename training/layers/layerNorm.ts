/** Layer normalisation (Ba et al., 2016): of each row on its own, over all its features or feature maps. */
import { variable } from '../graph/value.ts';
import { learnedAffine, type Normalization, standardize } from './normalization.ts';

/**
 * Equivalent to PyTorch's `LayerNorm` after dense layers, and to its `GroupNorm` with one group after
 * convolutions, where the learned scale and shift are per channel. Rows are independent, so training and
 * evaluation are the same.
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
