/** Dense layers on end, as encoders and decoders are made of. */
import * as z from 'zod';
import type { Variable } from '../graph/types.ts';
import { ACTIVATIONS, type Activation } from '../layers/activations.ts';
import { type Dense, dense } from '../layers/dense.ts';
import { type Layer, sequential } from '../layers/layer.ts';
import { RECONSTRUCTION_LOSSES } from '../objectives/reconstruction.ts';
import { keysOf } from '../registry.ts';

const width = z.number().int().min(1).max(65_536);

/** Settings that every variant of dense layers has. */
export const stackSettings = {
  codeSize: width.describe('width of the code').default(32),
  hidden: z
    .array(width)
    .max(64)
    .describe('nodes per hidden layer of the encoder, outermost first; any depth')
    .default([128]),
  decoderHidden: z
    .array(width)
    .max(64)
    .nullable()
    .describe("nodes per hidden layer of the decoder, innermost first; null mirrors the encoder's")
    .default(null),
  activation: z.enum(keysOf(ACTIVATIONS)).describe('of the hidden layers').default('relu'),
};

/** Linear by default: a ReLU code loses the dimensions that start or become negative for every row. */
export const codeActivation = z.enum(keysOf(ACTIVATIONS)).describe('of the code').default('linear');

export const loss = z
  .enum(keysOf(RECONSTRUCTION_LOSSES))
  .describe('what reconstruction costs')
  .default('mse');

export interface StackOptions {
  readonly name: string;
  /** Input, hidden layers, output. */
  readonly widths: readonly number[];
  readonly activation: Activation;
  readonly lastActivation: Activation;
  readonly seed: number;
  /** Weights of another stack, in its order, to use transposed from the last to the first. */
  readonly tiedTo?: readonly Variable[];
}

export interface Stack {
  readonly layer: Layer;
  readonly weights: readonly Variable[];
}

/** Dense layers through `widths`; the last one has its own activation. */
export function denseStack({ name, widths, activation, lastActivation, seed, tiedTo }: StackOptions): Stack {
  const last = widths.length - 2;
  const layers = widths.slice(1).map((units, i): Dense => {
    const tied = tiedTo?.[last - i];
    return dense({
      name: `${name}/dense_${i}`,
      inputs: widths[i]!,
      units,
      activation: i === last ? lastActivation : activation,
      seed,
      ...(tied === undefined ? {} : { tiedTo: tied }),
    });
  });
  return { layer: sequential(layers.map(({ layer }) => layer)), weights: layers.map(({ weight }) => weight) };
}

/** The settings above, as parsed. */
export interface StackSettings {
  readonly codeSize: number;
  readonly hidden: readonly number[];
  readonly decoderHidden: readonly number[] | null;
  readonly activation: Activation;
}

export interface EncoderDecoderOptions {
  readonly features: number;
  readonly seed: number;
  readonly codeActivation: Activation;
  /** Whether the decoder uses the encoder's weights, transposed. */
  readonly tied?: boolean;
}

/** From the code back to a linear output of `features`; `tiedTo` are the weights of the encoder it mirrors. */
export function denseDecoder(
  { codeSize, hidden, decoderHidden, activation }: StackSettings,
  { features, seed, tiedTo }: { features: number; seed: number; tiedTo?: readonly Variable[] },
): Layer {
  const widths = [codeSize, ...(decoderHidden ?? hidden.toReversed()), features];
  const tied = tiedTo === undefined ? {} : { tiedTo };
  return denseStack({ name: 'decoder', widths, activation, lastActivation: 'linear', seed, ...tied }).layer;
}

/** An encoder from `features` to the code, and a decoder back to a linear output of `features`. */
export function encoderDecoder(
  settings: StackSettings,
  { features, seed, codeActivation: lastActivation, tied = false }: EncoderDecoderOptions,
): { encoder: Layer; decoder: Layer } {
  const { codeSize, hidden, activation } = settings;
  const widths = [features, ...hidden, codeSize];
  const encoder = denseStack({ name: 'encoder', widths, activation, lastActivation, seed });
  const decoder = denseDecoder(settings, { features, seed, ...(tied ? { tiedTo: encoder.weights } : {}) });
  return { encoder: encoder.layer, decoder };
}
