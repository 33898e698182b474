/** Storage types of weights. Graphs compute in float32 with any of them. */
import { type onnx, TensorProto } from '../schema.ts';
import type { Variable, Weights } from '../types.ts';
import { float16 } from './float16.ts';
import { int8 } from './int8.ts';
import { type NarrowType, type NarrowWeight, roundedBy, widened } from './narrow.ts';
import { denseColumns, FLOAT32, type PositionType } from './sparseColumns.ts';
import { POSITIONS, SCALE, SHAPE, STORED } from './widen.ts';

/** Storage types by name; null stores weights unchanged. */
export const WEIGHT_TYPES = { float32: null, float16, int8 } as const satisfies Record<
  string,
  NarrowType | null
>;

export type WeightType = keyof typeof WEIGHT_TYPES;

/** Returns the weights after storing, rounded to the type. */
export function storedWeights(
  weightType: WeightType,
  weights: Weights,
  variables: Iterable<Variable>,
): Weights {
  const type = WEIGHT_TYPES[weightType];
  if (type === null) return weights;
  const rounded = Array.from(variables, ({ name, shape }): [string, Float32Array] => {
    return [name, roundedBy(type, { name, dims: shape, values: weights.get(name)! })];
  });
  return new Map([...weights, ...rounded]);
}

/** Reads the weights of a graph from its initializers: names with float32 values. */
export function readWeights(initializers: readonly onnx.ITensorProto[]): [string, Float32Array][] {
  const byName = new Map(initializers.map((tensor) => [tensor.name!, tensor]));
  return initializers.flatMap((tensor): [string, Float32Array][] => {
    const name = tensor.name!;
    if (name.endsWith(POSITIONS)) return [sparseWeight(byName, name.slice(0, -POSITIONS.length))];
    if (byName.has(weightOf(name) + POSITIONS)) return [];
    if (tensor.dataType === TensorProto.DataType.FLOAT)
      return name.endsWith(SCALE) ? [] : [[name, floats(tensor)]];
    const type = narrowType(tensor);
    if (!type || !name.endsWith(STORED)) return [];
    const weight = weightOf(name);
    const scale = scaleOf(byName.get(weight + SCALE));
    const narrow = { data: tensor.rawData!, ...(scale && { scale }) };
    return [[weight, widened(type, tensor.dims!.map(Number), narrow)]];
  });
}

function narrowType({ dataType }: onnx.ITensorProto): NarrowType | undefined {
  return Object.values(WEIGHT_TYPES).find((each) => each?.dataType === dataType) ?? undefined;
}

/** Returns the name of a weight from that of a part of it. */
function weightOf(part: string): string {
  return part.split('#')[0]!;
}

/** Reads a matrix that is stored by the values of its columns. */
function sparseWeight(byName: ReadonlyMap<string, onnx.ITensorProto>, name: string): [string, Float32Array] {
  const [positions, stored, shape] = [POSITIONS, STORED, SHAPE].map((part) => byName.get(name + part)!);
  const scale = scaleOf(byName.get(name + SCALE));
  const [rows, columns] = new BigInt64Array(Uint8Array.from(shape!.rawData!).buffer);
  return [
    name,
    denseColumns({
      dims: [Number(rows), Number(columns)],
      count: Number(positions!.dims![0]),
      positions: { dataType: positions!.dataType as PositionType, data: positions!.rawData! },
      values: { data: stored!.rawData!, ...(scale && { scale }) },
      type: narrowType(stored!) ?? FLOAT32,
    }),
  ];
}

function scaleOf(scales: onnx.ITensorProto | undefined): NarrowWeight['scale'] {
  return scales && { axis: axisOf(scales), values: floats(scales) };
}

// Copied, because the bytes in a message may be unaligned.
function floats({ rawData }: onnx.ITensorProto): Float32Array {
  return new Float32Array(Uint8Array.from(rawData!).buffer);
}

/** Returns the axis along which scales differ; 0 if there is a single scale. */
function axisOf({ dims }: onnx.ITensorProto): number {
  return Math.max(
    0,
    dims!.findIndex((size) => Number(size) > 1),
  );
}
