/** Every autoencoder variant, by the name that recipes and manifests use. */
import type { Variant } from './model.ts';
import { undercomplete } from './undercomplete.ts';

export const VARIANTS = {
  undercomplete,
} as const satisfies Record<string, Variant>;

export type VariantName = keyof typeof VARIANTS;
