/** Graphs that were exported for one batch size, made to take any. */
import { int64Proto } from '../graph/protobuf.ts';
import type { onnx } from '../graph/schema.ts';
import { TensorProto } from '../graph/schema.ts';

/**
 * Returns the graphs to try in order: the graph as it is and, if it has a fixed batch, one in which shapes that
 * begin with that batch leave the batch open. Whether they take other batches is found by running them.
 */
export function candidates(graph: onnx.IGraphProto, fixedBatch: number | undefined): onnx.IGraphProto[] {
  if (fixedBatch === undefined) return [graph];
  const shapes = new Set(
    (graph.node ?? []).flatMap(({ opType, input }) => (opType === 'Reshape' && input?.[1] ? [input[1]] : [])),
  );
  const opened = (name: string | null | undefined, tensor: onnx.ITensorProto): onnx.ITensorProto => {
    const sizes = shapes.has(name ?? '') ? int64sOf(tensor) : undefined;
    if (sizes === undefined || sizes[0] !== fixedBatch) return tensor;
    const rest = sizes.slice(1);
    // 0 copies the size of the input, where the batch is first, too; -1 may occur once.
    return int64Proto(tensor.name ?? '', [rest.includes(-1) ? 0 : -1, ...rest]);
  };
  const open: onnx.IGraphProto = {
    ...graph,
    initializer: (graph.initializer ?? []).map((tensor) => opened(tensor.name, tensor)),
    node: (graph.node ?? []).map((node) =>
      node.opType !== 'Constant'
        ? node
        : {
            ...node,
            attribute: (node.attribute ?? []).map((each) =>
              each.name === 'value' && each.t ? { ...each, t: opened(node.output?.[0], each.t) } : each,
            ),
          },
    ),
  };
  return [graph, open];
}

/** Values of a small int64 vector; undefined for another tensor. */
function int64sOf({ dataType, dims, rawData, int64Data }: onnx.ITensorProto): number[] | undefined {
  if (dataType !== TensorProto.DataType.INT64 || (dims ?? []).length !== 1 || Number(dims![0]) > 8)
    return undefined;
  if (int64Data?.length) return int64Data.map(Number);
  if (!rawData?.length || rawData.length % 8 !== 0) return undefined;
  const copy = Uint8Array.from(rawData); // a Buffer's own slice would not copy
  return Array.from(new BigInt64Array(copy.buffer, 0, copy.length / 8), Number);
}
