/** One run of a graph, through onnxruntime's C API: synchronous, so that runs cannot overlap. */
import type { NumberTensor, Tensor, Tensors } from '../../../shared/tensor.ts';
import { TrapError } from '../runtime.ts';
import type { Instance } from './instance.ts';
import {
  ALIGNMENT,
  aligned,
  ELEMENT,
  encodeTensor,
  lastError,
  READ_WORDS,
  readTensor,
  viewsOf,
  wordsOf,
} from './tensors.ts';

/** An input or output of a loaded graph; `address` is that of its name. */
export interface LoadedTensor {
  readonly name: string;
  readonly address: number;
  readonly dtype: Tensor['dtype'];
}

/** A graph in the memory of a runtime; `session` is an address. */
export interface LoadedGraph {
  readonly session: number;
  readonly inputs: readonly LoadedTensor[];
  readonly outputs: readonly LoadedTensor[];
}

/** `data_location` of tensors in memory. */
const CPU = 1;

/** Inputs in the memory of a runtime, as `OrtRun` takes them. */
interface Feed {
  readonly graph: LoadedGraph;
  readonly outputs: readonly string[];
  /** The shape of each input. */
  readonly shapes: readonly (readonly number[])[];
  /** Addresses of lists: tensors and names of inputs, names and tensors of outputs, results of calls. */
  readonly tensors: number;
  readonly names: number;
  readonly wanted: number;
  readonly answers: number;
  readonly results: number;
  /** Address of the numbers of each input. */
  readonly data: readonly number[];
}

/** The feed of the last run of each instance: most runs are of the same graph, on as many rows. */
const feeds = new WeakMap<Instance, Feed>();

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
  const feed = feedAgain(instance, graph, inputs, outputs) ?? feedAnew(instance, graph, inputs, outputs);
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

/** Writes numbers to where those of the last run were, if they are of the same shapes. */
function feedAgain(
  instance: Instance,
  graph: LoadedGraph,
  inputs: readonly Tensor[],
  outputs: readonly string[],
): Feed | undefined {
  const feed = feeds.get(instance);
  if (feed?.graph !== graph || !areEqual(feed.outputs, outputs)) return undefined;
  for (let i = 0; i < inputs.length; i++) {
    const { dtype, shape } = inputs[i]!;
    // onnxruntime copies texts when their tensor is created.
    if (dtype === 'string' || !areEqual(feed.shapes[i]!, shape)) return undefined;
  }
  const views = viewsOf(instance);
  for (let i = 0; i < inputs.length; i++) encodeTensor(inputs[i]!).write(views, feed.data[i]!);
  return feed;
}

/** Creates the tensors of the inputs; undefined, and creates none, if onnxruntime refuses one of them. */
function feedAnew(
  instance: Instance,
  graph: LoadedGraph,
  inputs: readonly Tensor[],
  outputs: readonly string[],
): Feed | undefined {
  forget(instance);
  const { api } = instance;
  const values = inputs.map(encodeTensor);
  // Memory layout, in words: the lists of a feed, the shape of each input; then data.
  const [ins, outs] = [inputs.length, outputs.length];
  const sizes = 2 * ins + 2 * outs + READ_WORDS;
  const header = aligned(4 * (sizes + inputs.reduce((sum, { shape }) => sum + shape.length, 0)));
  const room = reserve(
    instance,
    values.reduce((sum, { bytes }) => sum + aligned(bytes), header),
  );
  const names = room;
  const tensors = names + 4 * ins;
  const wanted = tensors + 4 * ins;
  const answers = wanted + 4 * outs;
  wordsOf(instance).fill(0, room >>> 2, (room + header) >>> 2);
  const data: number[] = [];
  let [shape, next] = [room + 4 * sizes, room + header];
  let isFed = true;
  for (let i = 0; i < ins; i++) {
    const { tensor, value } = { tensor: inputs[i]!, value: values[i]! };
    const views = viewsOf(instance);
    value.write(views, next);
    for (let k = 0; k < tensor.shape.length; k++) views.words[(shape >>> 2) + k] = tensor.shape[k]!;
    views.words[(names >>> 2) + i] = graph.inputs[i]!.address;
    const rank = tensor.shape.length;
    const made = api.OrtCreateTensor(ELEMENT[tensor.dtype], next, value.dataBytes, shape, rank, CPU);
    wordsOf(instance)[(tensors >>> 2) + i] = made;
    isFed &&= made !== 0;
    data.push(next);
    shape += 4 * rank;
    next += aligned(value.bytes);
  }
  for (let i = 0; i < outs; i++)
    wordsOf(instance)[(wanted >>> 2) + i] = named(graph.outputs, outputs[i]!).address;
  const shapes = inputs.map((each) => [...each.shape]);
  const results = answers + 4 * outs;
  const feed = {
    ...{ graph, outputs: [...outputs], shapes, tensors, names, wanted, answers, results, data },
  };
  feeds.set(instance, feed);
  if (isFed) return feed;
  forget(instance);
  return undefined;
}

/** Releases the tensors of the last run's inputs. */
function forget(instance: Instance): void {
  const feed = feeds.get(instance);
  if (feed === undefined) return;
  feeds.delete(instance);
  for (let i = 0; i < feed.data.length; i++) release(instance, wordsOf(instance)[(feed.tensors >>> 2) + i]!);
}

function release({ api }: Instance, tensor: number): void {
  if (tensor !== 0) api.OrtReleaseTensor(tensor);
}

function areEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Returns an address with room for `bytes`; earlier contents are lost, so that feeds must be forgotten first. */
function reserve(instance: Instance, bytes: number): number {
  const { api, scratch } = instance;
  if (bytes > scratch.bytes) {
    if (scratch.address !== 0) api.free(scratch.address);
    scratch.address = api.malloc(bytes + ALIGNMENT) >>> 0;
    scratch.bytes = scratch.address === 0 ? 0 : bytes;
    if (scratch.address === 0) throw new Error(`the runtime has no memory for ${bytes} bytes of inputs`);
  }
  return aligned(scratch.address);
}

function inputFor(input: LoadedTensor, inputs: Tensors): Tensor {
  const tensor = inputs[input.name];
  if (tensor === undefined)
    throw new Error(`expected an input '${input.name}', received ${Object.keys(inputs)}`);
  if (tensor.dtype !== input.dtype) {
    throw new Error(`input ${input.name}: expected ${input.dtype}, received ${tensor.dtype}`);
  }
  return tensor;
}

function named(tensors: readonly LoadedTensor[], name: string): LoadedTensor {
  const found = tensors.find((tensor) => tensor.name === name);
  if (!found)
    throw new Error(`output ${name}: expected one of ${tensors.map((each) => each.name).join(', ')}`);
  return found;
}
