/** Element types of ONNX tensors, and which of them rows of float32 numbers can become. */
import { TensorProto } from '../graph/schema.ts';

const { DataType } = TensorProto;

/** Number of every type that ONNX's Cast converts to and from float32, by its name. */
const NUMERIC: Readonly<Record<string, number>> = {
  float32: DataType.FLOAT,
  uint8: DataType.UINT8,
  int8: DataType.INT8,
  uint16: DataType.UINT16,
  int16: DataType.INT16,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
  float16: DataType.FLOAT16,
  float64: DataType.DOUBLE,
  uint32: DataType.UINT32,
  uint64: DataType.UINT64,
};

const NAMES = new Map(
  [...Object.entries(NUMERIC), ['string', DataType.STRING] as const].map(([name, id]) => [id, name]),
);

/** Name of an element type, for instance `float16` or `bfloat16`; `type 99` for one that ONNX does not have. */
export function elementTypeName(id: number): string {
  return NAMES.get(id) ?? DataType[id]?.toLowerCase() ?? `type ${id}`;
}

/** True for numbers and booleans that can be cast to float32 and from it. */
export function isNumeric(name: string): boolean {
  return Object.hasOwn(NUMERIC, name);
}

/** True for classes, counts and flags. */
export function isInteger(name: string): boolean {
  return isNumeric(name) && !name.startsWith('float');
}

/** @throws {Error} for a type that is not numeric. */
export function elementTypeId(name: string): number {
  const id = NUMERIC[name];
  if (id === undefined) throw new Error(`'${name}' is no type of numbers`);
  return id;
}
