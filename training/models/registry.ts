/** All autoencoder variants, by the names that recipes and manifests use. */
import { contractive } from './contractive.ts';
import { convolutional } from './convolutional.ts';
import { denoising } from './denoising.ts';
import { elsa } from './elsa.ts';
import type { Variant } from './model.ts';
import { recommender } from './recommender.ts';
import { sequence } from './sequence.ts';
import { similarityPreserving } from './similarityPreserving.ts';
import { sparse } from './sparse.ts';
import { undercomplete } from './undercomplete.ts';
import { variational } from './variational.ts';
import { vectorQuantized } from './vectorQuantized.ts';

export const VARIANTS = {
  contractive,
  convolutional,
  denoising,
  elsa,
  recommender,
  sequence,
  'similarity-preserving': similarityPreserving,
  sparse,
  undercomplete,
  variational,
  'vector-quantized': vectorQuantized,
} as const satisfies Record<string, Variant>;

export type VariantName = keyof typeof VARIANTS;
