/** Evaluating graphs in the two engines, for comparing them. */
import type * as tfjs from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-node';
import { openWasm } from '../../../training/engines/inference.ts';
import { loadTfjs } from '../../../training/engines/tfjs/load.ts';
import { interpret, toTfjs } from '../../../training/graph/interpret.ts';
import { toOnnx } from '../../../training/graph/onnx.ts';
import { variablesOf } from '../../../training/graph/traverse.ts';
import type { Input, Tensor, Tfjs, Value, Weights } from '../../../training/graph/types.ts';

/** Tensors for the inputs of a graph. */
export type Feeds = ReadonlyMap<Input, Tensor>;

/** The values of `outputs`, computed by onnxruntime-node; int64 comes back as numbers. */
export async function inOnnxruntime(
  outputs: readonly Value[],
  feeds: Feeds,
  weights: Weights = new Map(),
): Promise<number[][]> {
  const named = Object.fromEntries(outputs.map((value, i) => [`out${i}`, value]));
  const model = toOnnx({ name: 'test', inputs: [...feeds.keys()], outputs: named, weights });
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
  const tensors = [...feeds].map(([{ name }, { dtype, data, shape }]) => {
    return [name, new ort.Tensor(dtype, data, [...shape])] as const;
  });
  const results = await session.run(Object.fromEntries(tensors));
  await session.release();
  return outputs.map((_, i) => Array.from(results[`out${i}`]!.data as Float32Array, Number));
}

/** The same, computed by onnxruntime's WASM build. */
export async function inWasm(outputs: readonly Value[], feeds: Feeds): Promise<number[][]> {
  const named = Object.fromEntries(outputs.map((value, i) => [`out${i}`, value]));
  const model = await openWasm(toOnnx({ name: 'test', inputs: [...feeds.keys()], outputs: named }));
  const results = await model.runTensors(
    Object.fromEntries([...feeds].map(([{ name }, tensor]) => [name, tensor])),
  );
  await model.release();
  return outputs.map((_, i) => Array.from(results[`out${i}`]!.data as Float32Array, Number));
}

/** The initial values of the variables that the values reach. */
export function initialWeights(values: readonly Value[]): Weights {
  return new Map(variablesOf(values).map(({ name, initial }) => [name, initial]));
}

/** The values of `outputs`, computed by TensorFlow.js from the same graph. */
export async function inTfjs(outputs: readonly Value[], feeds: Feeds): Promise<number[][]> {
  const { tf } = await loadTfjs();
  const tensors = tf.tidy(() => interpret(tf, outputs, given(tf, outputs, feeds)));
  const values = tensors.map((tensor) => Array.from(tensor.dataSync()));
  tf.dispose(tensors);
  return values;
}

/** Gradients of a scalar with respect to some of the inputs, by TensorFlow.js's own autodiff. */
export async function tfjsGradients(target: Value, wrt: readonly Input[], feeds: Feeds): Promise<number[][]> {
  const { tf } = await loadTfjs();
  const gradients = tf.tidy(() => {
    const all = given(tf, [target], feeds);
    const forward = (...tensors: tfjs.Tensor[]) => {
      const changed = wrt.map((input, i) => [input, tensors[i]!] as const);
      return interpret(tf, [target], new Map([...all, ...changed]))[0]!;
    };
    return tf.grads(forward)(wrt.map((input) => all.get(input)!));
  });
  const values = gradients.map((tensor) => Array.from(tensor.dataSync()));
  tf.dispose(gradients);
  return values;
}

/** Tensors for the inputs, and the initial values of the variables. */
function given(tf: Tfjs, outputs: readonly Value[], feeds: Feeds): Map<Value, tfjs.Tensor> {
  const initial = variablesOf(outputs).map((each) => [each, { ...each, data: each.initial }] as const);
  return new Map([...initial, ...feeds].map(([value, tensor]) => [value, toTfjs(tf, tensor)] as const));
}

/** Largest difference as a share of the largest magnitude. */
export function relativeError(actual: readonly number[], expected: readonly number[]): number {
  const scale = Math.max(1e-6, ...expected.map(Math.abs));
  return Math.max(0, ...expected.map((value, i) => Math.abs(value - actual[i]!))) / scale;
}
