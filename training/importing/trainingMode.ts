/** Nodes that a model has only while it is trained. */
import { InputError } from '../../shared/errors.ts';
import { type onnx, TensorProto } from '../graph/schema.ts';
import { shown } from './names.ts';
import { everyGraph } from './nodes.ts';

/**
 * Dropout and batch normalisation of a model that was exported while it was being trained answer at random, or
 * from the other rows of a batch, and some runtimes leave that out: no answer would be that of the model.
 * @throws {InputError} naming a node in training mode.
 */
export function assertEvaluationMode(path: string, graph: onnx.IGraphProto): void {
  for (const each of everyGraph(graph)) {
    const node = (each.node ?? []).find((node) => isTraining(node, each));
    if (node === undefined) continue;
    const name = node.name || node.output?.[0] || '';
    throw new InputError(
      `${path}: node '${shown(name)}' is a ${node.opType} in training mode: call model.eval() before the export, and do not ask it for training=TrainingMode.TRAINING or PRESERVE`,
    );
  }
}

function isTraining(node: onnx.INodeProto, graph: onnx.IGraphProto): boolean {
  const { opType, input, attribute } = node;
  if (opType === 'BatchNormalization')
    return attribute?.some(({ name, i }) => name === 'training_mode' && Number(i) === 1) ?? false;
  // Since opset 12; the share that is dropped is the second input, half by default.
  return opType === 'Dropout' && isTrue(input?.[2], graph) && !isZero(input?.[1], graph);
}

function isTrue(name: string | undefined, graph: onnx.IGraphProto): boolean {
  const tensor = constantOf(name, graph);
  if (tensor?.dataType !== TensorProto.DataType.BOOL) return false;
  return (tensor.rawData?.[0] ?? tensor.int32Data?.[0] ?? 0) !== 0;
}

function isZero(name: string | undefined, graph: onnx.IGraphProto): boolean {
  const tensor = constantOf(name, graph);
  if (tensor === undefined) return false;
  return tensor.rawData?.length ? tensor.rawData.every((byte) => byte === 0) : tensor.floatData?.[0] === 0;
}

/** The tensor of that name, if it is a constant. */
function constantOf(
  name: string | undefined,
  { initializer, node }: onnx.IGraphProto,
): onnx.ITensorProto | undefined {
  if (!name) return undefined;
  const stored = initializer?.find((tensor) => tensor.name === name);
  const made = node?.find(({ opType, output }) => opType === 'Constant' && output?.[0] === name);
  return stored ?? made?.attribute?.find(({ name: key }) => key === 'value')?.t ?? undefined;
}
