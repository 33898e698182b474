/** Making float32 of stored weights, within a graph. */

import { AttributeProto, type onnx, TensorProto } from '../schema.ts';
import type { Narrow } from './narrow.ts';

/** What a weight's numbers and their scales are called in the graph; values that were not stored have no # in their name. */
export const STORED = '#stored';
export const SCALE = '#scale';

/** A weight of a graph. */
export interface Stored extends Narrow {
  readonly name: string;
  readonly dims: readonly number[];
}

interface Widening {
  readonly from: string;
  readonly scale: string | undefined;
  readonly to: string;
}

/** Nodes for stored numbers as float32, multiplied with their scales. */
export function widen({ from, scale, to }: Widening): onnx.INodeProto[] {
  const attribute = [{ name: 'to', type: AttributeProto.AttributeType.INT, i: TensorProto.DataType.FLOAT }];
  if (scale === undefined) return [{ opType: 'Cast', input: [from], output: [to], attribute }];
  const cast = `${to}#cast`;
  return [
    { opType: 'Cast', input: [from], output: [cast], attribute },
    { opType: 'Mul', input: [cast, scale], output: [to] },
  ];
}
