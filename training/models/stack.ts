/**
 * The encoder and decoder of most variants: optional convolutions, dense hidden layers and a code, then the
 * reverse.
 */
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

/** Settings of every variant with such an encoder and decoder. */
export const stackSettings = {
  codeSize: width.describe('width of the code').default(32),
  hidden: z
    .array(width)
    .max(64)
    .describe('widths of the dense hidden layers of the encoder, outermost first, after its convolutions')
    .default([128]),
  decoderHidden: z
    .array(width)
    .max(64)
    .nullable()
    .describe('widths of the dense hidden layers of the decoder, innermost first; null mirrors the encoder')
    .default(null),
  ...hiddenSettings,
  ...convolutionSettings,
  ...weightingSettings,
};

/** Linear by default: a ReLU code loses dimensions that are or become negative for every row. */
export const codeActivation = z
  .enum(keysOf(ACTIVATIONS))
  .describe('activation of the code')
  .default('linear');

export const loss = z.enum(keysOf(RECONSTRUCTION_LOSSES)).describe('reconstruction loss').default('mse');

/** Parsed `stackSettings`. */
export interface StackSettings extends ConvolutionSettings {
  /** null uses the feature maps as the code; only for convolutions without dense hidden layers. */
  readonly codeSize: number | null;
  readonly hidden: readonly number[];
  readonly decoderHidden: readonly number[] | null;
}

export interface DenseStackOptions extends HiddenSettings {
  readonly name: string;
  /** Width of the input, then of every layer. */
  readonly widths: readonly number[];
  /** Activation of the last layer if it is a code or an output; by default, all layers are hidden. */
  readonly lastActivation?: Activation | undefined;
  readonly seed: number;
  /** Weights of another stack, in its order, to use transposed in reverse order. */
  readonly tiedTo?: readonly Variable[];
}

export interface DenseStack {
  readonly layer: Layer;
  readonly weights: readonly Variable[];
}

/** Creates dense layers of the given widths. */
export function denseStack(options: DenseStackOptions): DenseStack {
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

/** An encoder without its last layer; `weights` are the weights of its dense layers. */
export interface EncoderTrunk extends DenseStack {
  /** Width of the output `[N, width]`. */
  readonly width: number;
}

/**
 * Creates the convolutions and the hidden layers of an encoder.
 * @throws {InputError} if there are convolutions, and rows are not images.
 */
export function encoderTrunk(settings: StackSettings, rows: RowOptions): EncoderTrunk {
  const widths = [innerWidth(settings, rows), ...settings.hidden];
  const hidden = denseStack({ ...settings, name: 'encoder', widths, seed: rows.seed });
  return {
    layer: sequential([...toMaps(settings, rows), hidden.layer]),
    weights: hidden.weights,
    width: widths.at(-1)!,
  };
}

/**
 * Creates a decoder from `[N, codeSize]` to a linear output `[N, features]`; `tiedTo` are weights of the
 * encoder.
 */
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
  /** True if the decoder uses the encoder's weights, transposed; dense stacks only. */
  readonly tied?: boolean;
}

export interface EncoderDecoder {
  readonly codeSize: number;
  /** Maps rows `[N, features]` to the code `[N, codeSize]`. */
  readonly encoder: Layer;
  /** Maps the code to a linear output `[N, features]`. */
  readonly decoder: Layer;
}

/**
 * Creates an encoder and its decoder.
 * @throws {InputError} if there are convolutions, and rows are not images.
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
