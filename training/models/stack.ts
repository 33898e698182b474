/** Encoders and decoders as most variants have them: convolutions if asked for, dense hidden layers, a code, and back. */
import * as z from 'zod';
import type { Variable } from '../graph/types.ts';
import { ACTIVATIONS, type Activation } from '../layers/activations.ts';
import { dense } from '../layers/dense.ts';
import { type Layer, sequential } from '../layers/layer.ts';
import { RECONSTRUCTION_LOSSES } from '../objectives/reconstruction.ts';
import { weightingSettings } from '../objectives/weighting.ts';
import { keysOf } from '../registry.ts';
import {
  type ConvolutionSettings,
  convolutionSettings,
  fromMaps,
  innerWidth,
  type RowOptions,
  toMaps,
} from './featureMaps.ts';
import { type HiddenSettings, hiddenSettings, modelLayer } from './hidden.ts';

const width = z.number().int().min(1).max(65_536);

/** Settings that every variant with such an encoder and decoder has. */
export const stackSettings = {
  codeSize: width.describe('width of the code').default(32),
  hidden: z
    .array(width)
    .max(64)
    .describe(
      'nodes per dense hidden layer of the encoder, outermost first, after its convolutions; any depth',
    )
    .default([128]),
  decoderHidden: z
    .array(width)
    .max(64)
    .nullable()
    .describe("nodes per dense hidden layer of the decoder, innermost first; null mirrors the encoder's")
    .default(null),
  ...hiddenSettings,
  ...convolutionSettings,
  ...weightingSettings,
};

/** Linear by default: a ReLU code loses the dimensions that start or become negative for every row. */
export const codeActivation = z.enum(keysOf(ACTIVATIONS)).describe('of the code').default('linear');

export const loss = z
  .enum(keysOf(RECONSTRUCTION_LOSSES))
  .describe('what reconstruction costs')
  .default('mse');

/** The settings above, as parsed. */
export interface StackSettings extends ConvolutionSettings {
  /** null makes the feature maps the code; only for convolutions without dense hidden layers. */
  readonly codeSize: number | null;
  readonly hidden: readonly number[];
  readonly decoderHidden: readonly number[] | null;
}

export interface DenseStackOptions extends HiddenSettings {
  readonly name: string;
  /** Input, then every layer. */
  readonly widths: readonly number[];
  /** Of a last layer that is a code or an output; by default all layers are hidden ones. */
  readonly lastActivation?: Activation | undefined;
  readonly seed: number;
  /** Weights of another stack, in its order, to use transposed from the last to the first. */
  readonly tiedTo?: readonly Variable[];
}

export interface Stack {
  readonly layer: Layer;
  readonly weights: readonly Variable[];
}

/** Dense layers through `widths`. */
export function denseStack(options: DenseStackOptions): Stack {
  const { name, widths, lastActivation, seed, tiedTo } = options;
  const last = widths.length - 2;
  const weights: Variable[] = [];
  const layers = widths.slice(1).map((units, i) => {
    const tied = tiedTo?.[last - i];
    const own = i === last ? lastActivation : undefined;
    return modelLayer(options, { name: `${name}/dense_${i}`, seed, own }, (linear) => {
      const tie = tied === undefined ? {} : { tiedTo: tied };
      const { layer, weight } = dense({ ...linear, inputs: widths[i]!, units, ...tie });
      weights.push(weight);
      return layer;
    });
  });
  return { layer: sequential(layers), weights };
}

/** All of an encoder but its last layer. */
export interface Trunk extends Stack {
  /** Width of what it gives, `[N, width]`. */
  readonly width: number;
}

/**
 * The convolutions and the hidden layers of an encoder; the weights are those of the dense ones.
 * @throws {InputError} when there are convolutions, and rows are not images.
 */
export function encoderTrunk(settings: StackSettings, rows: RowOptions): Trunk {
  const widths = [innerWidth(settings, rows), ...settings.hidden];
  const hidden = denseStack({ ...settings, name: 'encoder', widths, seed: rows.seed });
  return {
    layer: sequential([...toMaps(settings, rows), hidden.layer]),
    weights: hidden.weights,
    width: widths.at(-1)!,
  };
}

/** From a code of `codeSize` to a linear output of `features`; `tiedTo` are the weights of the encoder it mirrors. */
export function stackDecoder(
  settings: StackSettings & { readonly codeSize: number },
  rows: RowOptions,
  tiedTo?: readonly Variable[],
): Layer {
  const { codeSize, hidden, decoderHidden, filters } = settings;
  const inner = denseStack({
    ...settings,
    name: 'decoder',
    widths: [codeSize, ...(decoderHidden ?? hidden.toReversed()), innerWidth(settings, rows)],
    lastActivation: filters.length === 0 ? 'linear' : undefined,
    seed: rows.seed,
    ...(tiedTo === undefined ? {} : { tiedTo }),
  });
  return sequential([inner.layer, ...fromMaps(settings, rows)]);
}

export interface EncoderDecoderOptions extends RowOptions {
  readonly codeActivation: Activation;
  /** Whether the decoder uses the encoder's weights, transposed; dense stacks only. */
  readonly tied?: boolean;
}

export interface EncoderDecoder {
  readonly codeSize: number;
  /** Rows `[N, features]` to code `[N, codeSize]`. */
  readonly encoder: Layer;
  /** Code to a linear output `[N, features]`. */
  readonly decoder: Layer;
}

/**
 * An encoder and its decoder.
 * @throws {InputError} when there are convolutions, and rows are not images.
 */
export function encoderDecoder(
  settings: StackSettings,
  { codeActivation: activation, tied = false, ...rows }: EncoderDecoderOptions,
): EncoderDecoder {
  const { codeSize, hidden, initializer = null } = settings;
  if (codeSize === null) {
    return {
      codeSize: innerWidth(settings, rows),
      encoder: sequential(toMaps(settings, rows, true)),
      decoder: sequential(fromMaps(settings, rows)),
    };
  }
  const trunk = encoderTrunk(settings, rows);
  const name = `encoder/dense_${hidden.length}`;
  const code = dense({
    name,
    inputs: trunk.width,
    units: codeSize,
    activation,
    initializer,
    seed: rows.seed,
  });
  const tiedTo = tied ? [...trunk.weights, code.weight] : undefined;
  return {
    codeSize,
    encoder: sequential([trunk.layer, code.layer]),
    decoder: stackDecoder({ ...settings, codeSize }, rows, tiedTo),
  };
}
