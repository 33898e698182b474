/** The second engine: the same forward graph in TensorFlow.js, with TensorFlow.js's own autodiff and optimizers. */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Matrix } from '../../../shared/tensor.ts';
import type { Tfjs, Value } from '../../graph/types.ts';
import type { Engine, Losses } from '../engine.ts';
import { interpret, toTfjs } from './interpret.ts';
import { loadTfjs } from './load.ts';

export const tfjsEngine: Engine = async ({ rows, step, parameters, optimizer }) => {
  const { tf, description } = await loadTfjs();
  const variables = new Map(
    parameters.map((parameter) => {
      const { shape, initial } = parameter;
      const tensor = tf.tidy(() => toTfjs(tf, { dtype: 'float32', shape, data: initial }).variable());
      return [parameter, tensor] as const;
    }),
  );
  const optimizerState = optimizer.tfjs(tf);
  const losses = [step.loss, step.reconstructionLoss, step.regularisationLoss];
  const forward = (batch: Matrix): tfjs.Scalar[] => {
    const given = new Map<Value, tfjs.Tensor>([...variables, [rows, feed(tf, batch)]]);
    return interpret(tf, losses, given) as tfjs.Scalar[];
  };
  const trainable = [...variables.values()];
  return {
    description,
    train: async (batch) => {
      const results = tf.tidy(() => {
        let outputs: tfjs.Scalar[] = [];
        const cost = () => {
          outputs = forward(batch).map((each) => tf.keep(each));
          return outputs[0]!;
        };
        const { grads } = tf.variableGrads(cost, trainable);
        optimizerState.applyGradients(grads);
        return outputs;
      });
      return readAndDispose(results);
    },
    evaluate: async (batch) => readAndDispose(tf.tidy(() => forward(batch))),
    weights: async () => {
      const entries = [...variables].map(async ([{ name }, tensor]) => {
        return [name, (await tensor.data<'float32'>()).slice()] as const;
      });
      return new Map(await Promise.all(entries));
    },
    dispose: async () => {
      optimizerState.dispose();
      tf.dispose(trainable);
    },
  };
};

function feed(tf: Tfjs, { data, rowCount, width }: Matrix): tfjs.Tensor {
  // The pure-JavaScript backend keeps the array it is given, and the trainer reuses its batch buffer.
  return tf.tensor2d(data.slice(), [rowCount, width], 'float32');
}

async function readAndDispose(tensors: readonly tfjs.Scalar[]): Promise<Losses> {
  const values = await Promise.all(tensors.map(async (tensor) => (await tensor.data())[0]!));
  for (const tensor of tensors) tensor.dispose();
  const [loss, reconstructionLoss, regularisationLoss] = values as [number, number, number];
  return { loss, reconstructionLoss, regularisationLoss };
}
