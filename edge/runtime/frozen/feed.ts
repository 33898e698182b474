/** Inputs of a run in the memory of a runtime, kept for the next run: most are of the same graph, on as many rows. */
import type { Tensor } from '../../../shared/tensor.ts';
import type { Instance } from './instance.ts';
import { type LoadedGraph, named } from './loadedGraph.ts';
import { ALIGNMENT, aligned, ELEMENT, encodeTensor, READ_WORDS, viewsOf, wordsOf } from './tensors.ts';

/** `data_location` of tensors in memory. */
const CPU = 1;

/** Inputs in the memory of a runtime, as `OrtRun` takes them. */
export interface Feed {
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
 * Returns the inputs of a run in memory: those of the last run, with other numbers, if they are alike. Undefined if
 * onnxruntime refuses one of them.
 */
export function feedOf(
  instance: Instance,
  graph: LoadedGraph,
  inputs: readonly Tensor[],
  outputs: readonly string[],
): Feed | undefined {
  return feedAgain(instance, graph, inputs, outputs) ?? feedAnew(instance, graph, inputs, outputs);
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

export function release({ api }: Instance, tensor: number): void {
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
