/** Variants by name: latentedge's own, and those that a project defines. */
import type * as z from 'zod';
import type { Variant } from './model.ts';
import { VARIANTS, type VariantName } from './registry.ts';

/** A variant with the name that manifests record. */
export interface NamedVariant<Schema extends z.ZodObject = z.ZodObject> extends Variant<Schema> {
  /** Lower-case words joined by hyphens; not the name of one of latentedge's own variants. */
  readonly name: string;
}

export type VariantChoice = VariantName | NamedVariant;

type Configs = { readonly [Name in VariantName]: (typeof VARIANTS)[Name]['config'] };

/** The schema of the settings that a variant has in addition to those of every run. */
export type VariantConfig<V extends VariantChoice> = V extends VariantName
  ? Configs[Extract<V, VariantName>]
  : V extends NamedVariant<infer Schema>
    ? Schema
    : never;

/**
 * Returns the variant unchanged, with `build` checked against its settings. It is trained by `train({ variant })` or a recipe.
 * `build` composes layers and operators (`latentedge/extend`) and returns an autoencoder; `deterministic` makes one from an
 * encoder, a decoder and a loss.
 *
 * @example
 * const narrow = defineVariant({
 *   name: 'narrow',
 *   summary: 'one dense layer each way',
 *   config: z.strictObject({ codeSize: z.number().int().min(1).default(2) }),
 *   build: ({ codeSize }, features, seed) =>
 *     deterministic({
 *       codeSize,
 *       encoder: dense({ name: 'in', inputs: features, units: codeSize, activation: 'tanh', seed }).layer,
 *       decoder: dense({ name: 'out', inputs: codeSize, units: features, activation: 'linear', seed }).layer,
 *       loss: 'mse',
 *     }),
 * });
 */
export function defineVariant<Schema extends z.ZodObject>(
  variant: NamedVariant<Schema>,
): NamedVariant<Schema> {
  return variant;
}

/** Returns the variant that was chosen. */
export function variantOf(choice: VariantChoice): NamedVariant {
  return typeof choice === 'string'
    ? { name: choice, ...(VARIANTS[choice] as Variant<z.ZodObject>) }
    : choice;
}
