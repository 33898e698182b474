/** The second engine: the same forward graph in TensorFlow.js, with TensorFlow.js's own autodiff and optimizers. */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Matrix } from '../../../shared/tensor.ts';
import { inputsOf } from '../../graph/traverse.ts';
import type { Progress, Tfjs, Value } from '../../graph/types.ts';
import type { StepOutput } from '../../models/model.ts';
import type { Engine, Losses } from '../engine.ts';
import { evaluationProgress, feeder } from '../feeds.ts';
import { interpret, toTfjs } from './interpret.ts';
import { loadTfjs } from './load.ts';

export const tfjsEngine: Engine = async ({
  rows,
  training,
  evaluation,
  parameters,
  updates,
  optimizer,
  seed,
}) => {
  const { tf, description } = await loadTfjs();
  const variables = new Map(
    [...parameters, ...updates.keys()].map((each) => {
      const { shape, initial } = each;
      const tensor = tf.tidy(() => toTfjs(tf, { dtype: 'float32', shape, data: initial }).variable());
      return [each, tensor] as const;
    }),
  );
  const trainable = parameters.map((parameter) => variables.get(parameter)!);
  const optimizerState = optimizer.tfjs(tf);
  /** What computes the roots from a batch; to be called inside `tf.tidy`. */
  const compile = (roots: readonly Value[], stream: 'training' | 'evaluation') => {
    const own = inputsOf(roots).filter((each) => each !== rows);
    const feed = feeder(own, seed, stream);
    return (batch: Matrix, progress: Progress): tfjs.Tensor[] => {
      const given = new Map<Value, tfjs.Tensor>([
        ...variables,
        [rows, tensorOf(tf, batch.data, [batch.rowCount, batch.width])],
      ]);
      const feeds = feed(batch.rowCount, progress);
      for (const input of own) {
        const { data, shape } = feeds.get(input.name)!;
        given.set(input, tensorOf(tf, data, shape));
      }
      return interpret(tf, roots, given);
    };
  };
  const trainStep = compile([...lossesOf(training), ...updates.values()], 'training');
  const evaluateStep = compile(lossesOf(evaluation), 'evaluation');

  return {
    description,
    train: async (batch, progress) => {
      const losses = tf.tidy(() => {
        let outputs: tfjs.Tensor[] = [];
        const cost = () => {
          outputs = trainStep(batch, progress).map((each) => tf.keep(each));
          return outputs[0] as tfjs.Scalar;
        };
        const { grads } = tf.variableGrads(cost, trainable);
        optimizerState.applyGradients(grads);
        return outputs;
      });
      const changed = losses.splice(3);
      [...updates.keys()].forEach((each, i) => {
        variables.get(each)!.assign(changed[i]!);
      });
      tf.dispose(changed);
      return readAndDispose(losses);
    },
    evaluate: async (batch, index) =>
      readAndDispose(tf.tidy(() => evaluateStep(batch, evaluationProgress(index)))),
    weights: async () => {
      const entries = [...variables].map(async ([{ name }, tensor]) => {
        return [name, (await tensor.data<'float32'>()).slice()] as const;
      });
      return new Map(await Promise.all(entries));
    },
    dispose: async () => {
      optimizerState.dispose();
      tf.dispose([...variables.values()]);
    },
  };
};

function lossesOf({ loss, reconstructionLoss, regularisationLoss }: StepOutput): Value[] {
  return [loss, reconstructionLoss, regularisationLoss];
}

function tensorOf(tf: Tfjs, data: Float32Array, shape: readonly number[]): tfjs.Tensor {
  // The pure-JavaScript backend keeps the array it is given, and batches and noise reuse theirs.
  return tf.tensor(data.slice(), [...shape], 'float32');
}

async function readAndDispose(tensors: readonly tfjs.Tensor[]): Promise<Losses> {
  const values = await Promise.all(tensors.map(async (tensor) => (await tensor.data())[0]!));
  for (const tensor of tensors) tensor.dispose();
  const [loss, reconstructionLoss, regularisationLoss] = values as [number, number, number];
  return { loss, reconstructionLoss, regularisationLoss };
}
