/**
 * The second engine: the same forward graph in TensorFlow.js, with TensorFlow.js's own autodiff and
 * optimizers.
 */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Matrix } from '../../../shared/tensor.ts';
import { batches } from '../../data/batches.ts';
import { interpret, toTfjs } from '../../graph/interpret.ts';
import { inputsOf } from '../../graph/traverse.ts';
import type { Progress, Tfjs, Value } from '../../graph/types.ts';
import { input } from '../../graph/value.ts';
import type { StepOutput } from '../../models/model.ts';
import type { Engine, Losses } from '../engine.ts';
import { evaluationProgress, feeder } from '../feeds.ts';
import { stateValue } from '../state.ts';
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
  const rule = optimizer.tfjs(tf);
  const placeholders = parameters.map(({ name, shape }) => input(`gradient/${name}`, shape));
  const prepared = optimizer.prepare?.(parameters, placeholders) ?? placeholders;
  /** Applies clipping and decay to the gradients; must be called inside `tf.tidy`. */
  const prepare = (gradients: readonly tfjs.Tensor[]) =>
    interpret(
      tf,
      prepared,
      new Map<Value, tfjs.Tensor>([
        ...variables,
        ...placeholders.map((each, i) => [each, gradients[i]!] as const),
      ]),
    );
  /** Returns a function that computes `roots` for a batch; it must be called inside `tf.tidy`. */
  const compile = (roots: readonly Value[], stream: 'training' | 'evaluation') => {
    const own = inputsOf(roots).filter((each) => each !== rows);
    const feed = feeder(own, seed, stream);
    return (batch: Matrix, progress: Progress): tfjs.Tensor[] => {
      const given = new Map<Value, tfjs.Tensor>([
        ...variables,
        [rows, toTensor(tf, batch.data, [batch.rowCount, batch.width])],
      ]);
      const feeds = feed(batch.rowCount, progress);
      for (const each of own) {
        const { data, shape } = feeds.get(each.name)!;
        given.set(each, toTensor(tf, data, shape));
      }
      return interpret(tf, roots, given);
    };
  };
  const differentiate = (cost: () => tfjs.Tensor): tfjs.Tensor[] => {
    const { grads } = tf.variableGrads(() => cost() as tfjs.Scalar, trainable);
    return trainable.map(({ name }) => grads[name]!);
  };
  const weights = async () => {
    const entries = [...variables].map(async ([{ name }, tensor]) => [name, await valuesOf(tensor)] as const);
    return new Map(await Promise.all(entries));
  };
  const trainStep = compile([...lossRoots(training), ...updates.values()], 'training');
  const evaluateStep = compile(lossRoots(evaluation), 'evaluation');

  const takeStep = async (batch: Matrix, progress: Progress): Promise<Losses> => {
    let updated = false;
    const outputs = tf.tidy(() => {
      let computed: tfjs.Tensor[] = [];
      const gradients = differentiate(() => {
        computed = trainStep(batch, progress).map((each) => tf.keep(each));
        return computed[0]!;
      });
      updated = Number.isFinite(computed[0]!.dataSync()[0]);
      if (updated) rule.apply(trainable, prepare(gradients), optimizer.learningRate(progress));
      return computed;
    });
    const changed = outputs.splice(3);
    if (updated) {
      [...updates.keys()].forEach((each, i) => {
        variables.get(each)!.assign(changed[i]!);
      });
    }
    tf.dispose(changed);
    return readAndDispose(outputs);
  };

  return {
    description,
    train: async (rows, progress, steps = 1) => {
      const losses: Losses[] = [];
      for (const batch of batches(rows, rows.rowCount / steps)) {
        losses.push(await takeStep(batch, { ...progress, step: progress.step + losses.length }));
        if (!Number.isFinite(losses.at(-1)!.loss)) break;
      }
      return losses;
    },
    stepsAtOnce: () => 1,
    gradients: async (batch, progress) => {
      const gradients = tf.tidy(() => differentiate(() => trainStep(batch, progress)[0]!));
      const values = gradients.map(async (each, i) => [parameters[i]!.name, await valuesOf(each)] as const);
      const result = new Map(await Promise.all(values));
      tf.dispose(gradients);
      return result;
    },
    evaluate: async (batch, index) =>
      readAndDispose(tf.tidy(() => evaluateStep(batch, evaluationProgress(index)))),
    weights,
    state: async () => {
      const slots = await rule.state();
      return new Map([...(await weights()), ...slots.map((data, i) => [slotName(i), data] as const)]);
    },
    restore: async (state) => {
      for (const [{ name, shape, initial }, variable] of variables) {
        const data = stateValue(state, name, initial.length);
        tf.tidy(() => variable.assign(toTensor(tf, data, shape)));
      }
      const slots: Float32Array[] = [];
      while (state.has(slotName(slots.length))) slots.push(state.get(slotName(slots.length))!);
      await rule.restore(slots, trainable);
    },
    dispose: async () => {
      rule.dispose();
      tf.dispose([...variables.values()]);
    },
  };
};

/** Name of an array of the optimizer's state, by its position in the rule's `state`. */
function slotName(index: number): string {
  return `optimizer/${index}`;
}

async function valuesOf(tensor: tfjs.Tensor): Promise<Float32Array> {
  // The pure-JavaScript backend returns its own array, not a copy.
  return (await tensor.data<'float32'>()).slice();
}

function lossRoots({ loss, reconstructionLoss, regularisationLoss }: StepOutput): Value[] {
  return [loss, reconstructionLoss, regularisationLoss];
}

function toTensor(tf: Tfjs, data: Float32Array, shape: readonly number[]): tfjs.Tensor {
  // The pure-JavaScript backend keeps the array it receives, but batches and noise reuse their buffers.
  return tf.tensor(data.slice(), [...shape], 'float32');
}

async function readAndDispose(tensors: readonly tfjs.Tensor[]): Promise<Losses> {
  const values = await Promise.all(tensors.map(async (tensor) => (await tensor.data())[0]!));
  for (const tensor of tensors) tensor.dispose();
  const [loss, reconstructionLoss, regularisationLoss] = values as [number, number, number];
  return { loss, reconstructionLoss, regularisationLoss };
}
