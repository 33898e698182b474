/** Converts stored weights to float32 within a graph. */
import { AttributeProto, type onnx, TensorProto } from '../schema.ts';
import type { NarrowWeight } from './narrow.ts';

/** Suffixes of the names of a weight's stored numbers and scales. No other value has a # in its name. */
export const STORED = '#stored';
export const SCALE = '#scale';
/** Suffixes of what a matrix that is stored by its columns' values has in addition: their positions, and its shape. */
export const POSITIONS = '#positions';
export const SHAPE = '#shape';

/** A stored weight of a graph. */
export interface StoredWeight extends NarrowWeight {
  readonly name: string;
  readonly dims: readonly number[];
}

interface Widening {
  readonly from: string;
  readonly scale: string | undefined;
  readonly to: string;
}

/** Returns the nodes that convert stored numbers to float32 and multiply them by their scales. */
export function widen({ from, scale, to }: Widening): onnx.INodeProto[] {
  const attribute = [{ name: 'to', type: AttributeProto.AttributeType.INT, i: TensorProto.DataType.FLOAT }];
  if (scale === undefined) return [{ opType: 'Cast', input: [from], output: [to], attribute }];
  const cast = `${to}#cast`;
  return [
    { opType: 'Cast', input: [from], output: [cast], attribute },
    { opType: 'Mul', input: [cast, scale], output: [to] },
  ];
}
