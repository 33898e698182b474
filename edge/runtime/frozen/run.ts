/** One run of a graph, through onnxruntime's C API: synchronous, so that runs cannot overlap. */
import type { NumberTensor, Tensor, Tensors } from '../../../shared/tensor.ts';
import { TrapError } from '../runtime.ts';
import type { Instance } from './instance.ts';
import {
  ALIGNMENT,
  aligned,
  ELEMENT,
  type EncodedTensor,
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

interface RunInput {
  readonly tensor: LoadedTensor;
  readonly shape: readonly number[];
  readonly value: EncodedTensor;
}

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
  const wanted = outputs.map((name) => named(graph.outputs, name));
  let answers: readonly NumberTensor[] | string;
  try {
    answers = run(instance, graph.session, given, wanted);
  } catch (cause) {
    throw new TrapError('the runtime trapped, possibly in a function that it was built without', { cause });
  }
  if (typeof answers === 'string') throw new Error(answers);
  // Object.fromEntries forgets the key type; the entries were made from `outputs`.
  return Object.fromEntries(outputs.map((name, i) => [name, answers[i]])) as Record<Output, NumberTensor>;
}

/** Returns onnxruntime's outputs, or its error message, after which the instance can still be used. */
function run(
  instance: Instance,
  session: number,
  inputs: readonly RunInput[],
  outputs: readonly LoadedTensor[],
): readonly NumberTensor[] | string {
  const { api } = instance;
  // Memory layout, in words: tensors and names of inputs, names and tensors of outputs, results of calls, the
  // shape of each input; then data.
  const [ins, outs] = [inputs.length, outputs.length];
  const shapes = 2 * ins + 2 * outs + READ_WORDS;
  const header = aligned(4 * (shapes + inputs.reduce((sum, { shape }) => sum + shape.length, 0)));
  const address = reserve(
    instance,
    inputs.reduce((sum, { value }) => sum + aligned(value.bytes), header),
  );
  const [tensors, names, answers] = [address + 4 * ins, address + 8 * ins, address + 8 * ins + 4 * outs];
  const results = answers + 4 * outs;
  const at = (base: number, index: number): number => (base >>> 2) + index;
  wordsOf(instance).fill(0, at(address, 0), at(address + header, 0));

  let [shape, data] = [address + 4 * shapes, address + header];
  let isFed = true;
  for (let i = 0; i < ins; i++) {
    const { tensor, shape: sizes, value } = inputs[i]!;
    const views = viewsOf(instance);
    value.write(views, data);
    for (let k = 0; k < sizes.length; k++) views.words[at(shape, k)] = sizes[k]!;
    views.words[at(address, i)] = tensor.address;
    const created = api.OrtCreateTensor(
      ELEMENT[tensor.dtype],
      data,
      value.dataBytes,
      shape,
      sizes.length,
      CPU,
    );
    wordsOf(instance)[at(tensors, i)] = created;
    isFed &&= created !== 0;
    shape += 4 * sizes.length;
    data += aligned(value.bytes);
  }
  for (let i = 0; i < outs; i++) wordsOf(instance)[at(names, i)] = outputs[i]!.address;
  const isRun = isFed && api.OrtRun(session, address, tensors, ins, names, outs, answers, 0) === 0;
  const reply: readonly NumberTensor[] | string = isRun
    ? outputs.map((_, i) => readTensor(instance, wordsOf(instance)[at(answers, i)]!, results))
    : `OrtRun: ${lastError(instance)}`;
  for (let i = 0; i < ins; i++) release(wordsOf(instance)[at(tensors, i)]!);
  for (let i = 0; i < outs; i++) release(wordsOf(instance)[at(answers, i)]!);
  return reply;

  function release(tensor: number): void {
    if (tensor !== 0) api.OrtReleaseTensor(tensor);
  }
}

/** Returns an address with room for `bytes`; earlier contents are lost. */
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

function inputFor(input: LoadedTensor, inputs: Tensors): RunInput {
  const tensor = inputs[input.name];
  if (tensor === undefined)
    throw new Error(`expected an input '${input.name}', received ${Object.keys(inputs)}`);
  if (tensor.dtype !== input.dtype) {
    throw new Error(`input ${input.name}: expected ${input.dtype}, received ${tensor.dtype}`);
  }
  return { tensor: input, shape: tensor.shape, value: encodeTensor(tensor) };
}

function named(tensors: readonly LoadedTensor[], name: string): LoadedTensor {
  const found = tensors.find((tensor) => tensor.name === name);
  if (!found)
    throw new Error(`output ${name}: expected one of ${tensors.map((each) => each.name).join(', ')}`);
  return found;
}
