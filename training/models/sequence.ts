/**
 * The sequence autoencoder: a recurrent encoder to a code of the whole window, and a recurrent decoder that
 * receives the code at every step. It reconstructs the window or continues it, like Srivastava et al., 2015,
 * whose decoder instead starts from the encoder's states.
 */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { CELLS } from '../graph/ops/cells.ts';
import { pad } from '../graph/ops/pad.ts';
import { reshape } from '../graph/ops/reshape.ts';
import { transpose } from '../graph/ops/transpose.ts';
import type { Value } from '../graph/types.ts';
import { input } from '../graph/value.ts';
import { type DenseOptions, dense } from '../layers/dense.ts';
import { evaluationContext, type Layer } from '../layers/layer.ts';
import { type RecurrentLayer, recurrent } from '../layers/recurrent.ts';
import { filled, weightingSettings } from '../objectives/weighting.ts';
import { keysOf } from '../registry.ts';
import { deterministic } from './deterministic.ts';
import type { Autoencoder, Variant } from './model.ts';
import { codeActivation, loss, stackSettings } from './stack.ts';

const Config = z.strictObject({
  cell: z.enum(keysOf(CELLS)).describe('cell of the recurrent layers').default('lstm'),
  units: z
    .number()
    .int()
    .min(1)
    .max(512)
    .describe('width of the hidden states of the encoder and the decoder')
    .default(64),
  codeSize: stackSettings.codeSize,
  codeActivation,
  loss,
  ...weightingSettings,
  horizon: z
    .number()
    .int()
    .min(0)
    .max(65_536)
    .describe(
      'number of steps at the end of the window that are predicted from the earlier steps; 0 reconstructs the window',
    )
    .default(0),
});

export const sequence: Variant<typeof Config> = {
  summary:
    'LSTM or GRU that reconstructs or continues windows of a sequence, `[steps]` or `[steps, channels]`',
  config: Config,
  build: (config, features, seed, rowShape = [features]): Autoencoder => {
    const { cell, units, codeSize, codeActivation, loss, horizon } = config;
    const [steps, channels] = windowOf(rowShape, horizon);
    const seen = steps - horizon;
    const layer = (name: string, inputs: number) => recurrent({ name, cell, inputs, units, seed });
    const encoder = encoderOf(layer('encoder/recurrent', channels), [seen, channels], {
      name: 'encoder/code',
      inputs: units,
      units: codeSize,
      activation: codeActivation,
      seed,
    });
    const decoder = decoderOf(layer('decoder/recurrent', codeSize), horizon === 0 ? steps : horizon, {
      name: 'decoder/output',
      inputs: units,
      units: channels,
      activation: 'linear',
      seed,
    });
    if (horizon === 0) {
      return { ...deterministic({ codeSize, encoder, decoder, loss, weighting: config }), sequential: true };
    }

    const history = (rows: Value) => pad(rows, [0, 0, 0, -horizon * channels]);
    const model = deterministic({
      codeSize,
      encoder: (rows, context) => encoder(history(rows), context),
      decoder,
      loss,
      weighting: config,
      target: (rows) => pad(rows, [0, -seen * channels, 0, 0]),
    });
    const given = input('history', ['N', seen * channels]);
    const forecast = model.decode(encoder(filled(given, config), evaluationContext()));
    const head = { inputs: [given], inputsOf: (rows: Value) => [history(rows)], outputs: { forecast } };
    return { ...model, sequential: true, heads: { forecast: head } };
  },
};

/** Maps rows `[N, steps * channels]` to the code, computed from the last hidden state. */
function encoderOf(
  along: RecurrentLayer,
  [steps, channels]: readonly [number, number],
  code: DenseOptions,
): Layer {
  const toCode = dense(code).layer;
  return (rows, context) => {
    const byStep = transpose(reshape(rows, [-1, steps, channels]), [1, 0, 2]);
    return toCode(along.over(byStep, context).last, context);
  };
}

/** Maps the code to rows `[N, steps * channels]`, with the same dense layer at every step. */
function decoderOf(along: RecurrentLayer, steps: number, output: DenseOptions): Layer {
  const { inputs: units, units: channels } = output;
  const toStep = dense(output).layer;
  return (code, context) => {
    const { hidden } = along.repeating(code, steps, context);
    const values = reshape(toStep(reshape(hidden, [-1, units]), context), [steps, -1, channels]);
    return reshape(transpose(values, [1, 0, 2]), [-1, steps * channels]);
  };
}

/**
 * Reads the dimensions of windows from the shape of rows.
 * @throws {InputError} if rows are not windows, or the horizon leaves no steps to encode.
 */
function windowOf(rowShape: readonly number[], horizon: number): readonly [steps: number, channels: number] {
  const [steps, channels = 1] = rowShape;
  if (steps === undefined || rowShape.length > 2) {
    throw new InputError(
      `variant sequence needs windows, rows of shape [steps] or [steps, channels]; received rows of shape [${rowShape}]`,
    );
  }
  if (horizon >= steps) {
    throw new InputError(
      `setting 'horizon': expected fewer than the ${steps} steps of a row, which leaves steps to encode; received ${horizon}`,
    );
  }
  return [steps, channels];
}
