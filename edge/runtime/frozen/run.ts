/** One run of a graph, through onnxruntime's C API: synchronous, so that runs cannot overlap. */
import type { NumberTensor, Tensor, Tensors } from '../../../shared/tensor.ts';
import { TrapError } from '../runtime.ts';
import { feedOf, release } from './feed.ts';
import type { Instance } from './instance.ts';
import { type LoadedGraph, type LoadedTensor, named } from './loadedGraph.ts';
import { lastError, readTensor, wordsOf } from './tensors.ts';

/**
 * Runs a graph on its inputs, and returns the given outputs.
 * @throws {TrapError} if the instance cannot be used any more.
 * @throws {Error} with onnxruntime's message if it refuses the inputs.
 */
export function runGraph<Output extends string>(
  instance: Instance,
  graph: LoadedGraph,
  inputs: Tensors,
  outputs: readonly Output[],
): Record<Output, NumberTensor> {
  const given = graph.inputs.map((input) => inputFor(input, inputs));
  for (const name of outputs) named(graph.outputs, name);
  let answers: Record<string, NumberTensor> | string;
  try {
    answers = run(instance, graph, given, outputs);
  } catch (cause) {
    throw new TrapError('the runtime trapped, possibly in a function that it was built without', { cause });
  }
  if (typeof answers === 'string') throw new Error(answers);
  return answers;
}

/** Returns onnxruntime's outputs, or its error message, after which the instance can still be used. */
function run(
  instance: Instance,
  graph: LoadedGraph,
  inputs: readonly Tensor[],
  outputs: readonly string[],
): Record<string, NumberTensor> | string {
  const { api } = instance;
  const feed = feedOf(instance, graph, inputs, outputs);
  if (feed === undefined) return `OrtCreateTensor: ${lastError(instance)}`;
  const { tensors, names, wanted, answers, results } = feed;
  const [ins, outs, first] = [inputs.length, outputs.length, answers >>> 2];
  wordsOf(instance).fill(0, first, first + outs);
  const code = api.OrtRun(graph.session, names, tensors, ins, wanted, outs, answers, 0);
  let reply: Record<string, NumberTensor> | string;
  if (code === 0) {
    reply = {};
    for (let i = 0; i < outs; i++) {
      reply[outputs[i]!] = readTensor(instance, wordsOf(instance)[first + i]!, results);
    }
  } else reply = `OrtRun: ${lastError(instance)}`;
  for (let i = 0; i < outs; i++) release(instance, wordsOf(instance)[first + i]!);
  return reply;
}

function inputFor(input: LoadedTensor, inputs: Tensors): Tensor {
  const tensor = inputs[input.name];
  if (tensor === undefined)
    throw new Error(`expected an input '${input.name}', received ${Object.keys(inputs)}`);
  if (tensor.dtype !== input.dtype) {
    throw new Error(`input ${input.name}: expected ${input.dtype}, received ${tensor.dtype}`);
  }
  // The memory of the last run has room for as many as its shape says.
  const count = tensor.shape.reduce((product, size) => product * size, 1);
  if (tensor.data.length !== count) {
    throw new Error(
      `input ${input.name}: expected ${count} values for the shape [${tensor.shape}], received ${tensor.data.length}`,
    );
  }
  return tensor;
}
