/** All normalisations, by the names that settings use. */
import { variable } from '../graph/value.ts';
import { batchNorm } from './batchNorm.ts';
import { layerNorm } from './layerNorm.ts';
import type { Normalization } from './normalization.ts';

interface NormalizationDefinition {
  /** One line for the documentation. */
  readonly summary: string;
  readonly create: Normalization;
}

const none: Normalization = (map, name, channels) => {
  const bias = variable(`${name}/bias`, [channels], new Float32Array(channels));
  return (x) => map(x, { bias });
};

export const NORMALIZATIONS = {
  none: { summary: 'a bias, without normalisation', create: none },
  batch: { summary: 'mean 0 and variance 1 per channel over the batch', create: batchNorm },
  layer: { summary: 'mean 0 and variance 1 per row', create: layerNorm },
} as const satisfies Record<string, NormalizationDefinition>;

export type NormalizationName = keyof typeof NORMALIZATIONS;
