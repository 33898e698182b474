/** Inputs of a request, as tensors of its graph. */
import type { InferRequest, RequestInput } from '../../shared/protocol.ts';
import type { Tensor } from '../../shared/tensor.ts';
import { ProblemError } from '../problems.ts';
import { maxRowsOf } from '../requests/rowLimit.ts';
import { type Batch, withStandIns } from '../requests/rows/batch.ts';
import { rowFaults } from '../requests/rows/faults.ts';
import type { Limits } from '../settings.ts';
import type { Refuse } from './datatypes.ts';
import type { ReceivedRequest } from './request.ts';
import type { ServedGraph, ServedInput } from './served.ts';
import { assertShape, elementCount, leavesOf } from './shape.ts';
import { checkValues } from './values.ts';
import { elementOf, inputOf, wrongShape } from './wrong.ts';

/**
 * Returns every input of the graph, with checked type, shape and values, for at least one row that can be
 * answered.
 * @throws {ProblemError} naming the input, and its first wrong element.
 */
export function readInputs(served: ServedGraph, { request, binary }: ReceivedRequest, limits: Limits): Batch {
  assertNames(served, request);
  const limit = maxRowsOf(served.manifest, limits);
  const sizes = new Map<string, number>();
  const faults = rowFaults();
  let offset = 0;
  const entries = request.inputs.map((input): [string, Tensor] => {
    const start = offset;
    offset += input.parameters?.binary_data_size ?? 0;
    const known = served.inputs.find(({ name }) => name === input.name)!;
    assertDatatype(input, known);
    assertShape(input, known, sizes, limit);
    const tensor = inputTensor(input, known, binary.subarray(start, offset));
    checkValues(served, input.name, tensor, faults.refuse);
    return [input.name, tensor];
  });
  const [inputs, rowCount] = [Object.fromEntries(entries), sizes.get('N')!];
  faults.assertAny(rowCount);
  return { inputs: faults.count === 0 ? inputs : withStandIns(inputs, rowCount, faults), rowCount, faults };
}

/** Requires each input of the graph exactly once, in any order. */
function assertNames({ name, inputs: known }: ServedGraph, { inputs }: InferRequest): void {
  const expected = known.map((input) => input.name).sort();
  const received = inputs.map((input) => input.name).sort();
  if (received.length === expected.length && received.every((each, i) => each === expected[i])) return;
  const shown = received.slice(0, 8).map((each) => each.slice(0, 60));
  const detail = `${name}: expected the inputs ${expected.join(', ')}, each once; received ${shown.join(', ') || 'none'}.`;
  throw new ProblemError('invalid-body', { detail, offered: expected });
}

function assertDatatype({ name, datatype }: RequestInput, { datatype: expected }: ServedInput): void {
  if (datatype === expected) return;
  const received = datatype.slice(0, 60);
  const detail = `${inputOf(name)}: expected datatype ${expected}, received ${JSON.stringify(received)}.`;
  throw new ProblemError('invalid-body', { detail, expected, received });
}

function inputTensor(
  input: RequestInput,
  { dtype, codec: { fromBytes, fromJson } }: ServedInput,
  bytes: Uint8Array<ArrayBuffer>,
): Tensor {
  const { name, shape, data, parameters } = input;
  const isBinary = parameters?.binary_data_size !== undefined;
  if (isBinary === (data !== undefined)) {
    const received = isBinary ? 'both' : 'neither';
    const detail = `${inputOf(name)}: expected either data or binary_data_size, received ${received}.`;
    throw new ProblemError('invalid-body', { detail, received });
  }
  const count = elementCount(shape);
  const refuse: Refuse = (index, expected, received) => {
    const detail = `${elementOf(name, shape, index)}: expected ${expected}, received ${received}.`;
    throw new ProblemError('invalid-number', { detail, expected, received });
  };
  const values =
    data === undefined
      ? fromBytes(bytes, count, refuse)
      : fromJson(leavesOf(name, data, shape), count, refuse);
  if (values === undefined)
    throw wrongShape(name, `the bytes of ${count} elements`, `${bytes.length} bytes that are not`);
  // The codec of this dtype decoded the values.
  return { dtype, shape, data: values } as Tensor;
}
