/** Every normalisation, by the name that the setting takes. */
import { variable } from '../graph/value.ts';
import { batchNorm } from './batchNorm.ts';
import { layerNorm } from './layerNorm.ts';
import type { Normalization } from './normalization.ts';

/** The map with a bias. */
const none: Normalization = (map, name, channels) => {
  const bias = variable(`${name}/bias`, [channels], new Float32Array(channels));
  return (x) => map(x, { bias });
};

export const NORMALIZATIONS = {
  none,
  batch: batchNorm,
  layer: layerNorm,
} as const satisfies Record<string, Normalization>;

export type NormalizationName = keyof typeof NORMALIZATIONS;
