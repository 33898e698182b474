/**
 * Weights as int8: a quarter of the bytes. All values of a slice have one scale and no zero point, as is usual (Jacob et al., 2018).
 *
 * The graph makes float32 of them by a cast and a product, which onnxruntime works out once, when it loads it: a run
 * costs what it costs with float32 weights. Of the alternatives, in onnxruntime-web 1.30's WASM build on one thread, with layers of
 * 784-1024-512-64, the shortest of many runs:
 * - `DequantizeLinear` is not worked out when a graph is loaded but at every run: 4.1 ms instead of 0.14 ms for one row.
 * - `DynamicQuantizeLinear` with `MatMulInteger` takes 0.35 ms instead of 0.14 ms for one row, and 4.4 ms instead of 9 ms for 64. But
 *   the error of recipe digits rises by 2.9 % instead of 0.2 %, a row's answer depends on the rows beside it, and
 *   onnxruntime-node, whose sums of 8-bit products saturate, differs from WASM by a tenth of the largest value.
 */

import { TensorProto } from '../schema.ts';
import type { NarrowType } from './narrow.ts';

/** -128 is not used, so that every weight has its opposite. */
const LARGEST = 127;

/** Scales take 4 bytes each: with slices of this many values, half a byte per value at most. */
const MIN_SLICE = 8;

export const int8: NarrowType = {
  dataType: TensorProto.DataType.INT8,
  // Of all axes, the one along which slices lose least: nearly always the longest, or that of the outputs.
  store: ({ dims, values }) => {
    const ways = dims.flatMap((size, axis) =>
      values.length / size >= MIN_SLICE ? [inSlices(values, dims, axis)] : [],
    );
    if (ways.length === 0) return undefined;
    return ways.reduce((best, way) => (way.loss < best.loss ? way : best));
  },
  numbers: (data) => Float32Array.from(new Int8Array(data.buffer, data.byteOffset, data.length)),
};

function inSlices(values: Float32Array, dims: readonly number[], axis: number) {
  const size = dims[axis]!;
  const inner = dims.slice(axis + 1).reduce((product, each) => product * each, 1);
  const sliceOf = (i: number) => Math.floor(i / inner) % size;
  const largest = new Float32Array(size);
  for (let i = 0; i < values.length; i++) {
    const slice = sliceOf(i);
    largest[slice] = Math.max(largest[slice]!, Math.abs(values[i]!));
  }
  const scales = largest.map((value) => shortened(value / LARGEST));
  const quantized = new Int8Array(values.length);
  let loss = 0;
  for (let i = 0; i < values.length; i++) {
    const scale = scales[sliceOf(i)]!;
    if (scale > 0) quantized[i] = Math.round(values[i]! / scale);
    loss += (values[i]! - quantized[i]! * scale) ** 2;
  }
  return { data: new Uint8Array(quantized.buffer), scale: { axis, values: scales }, loss };
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * A positive number rounded up to 16 significant bits. Its products with 8-bit integers are then exact in float32: every
 * runtime has the same weights, and storing them again gives the same bytes.
 */
function shortened(value: number): number {
  float[0] = value;
  bits[0] = (bits[0]! + 0xff) & ~0xff;
  return float[0]!;
}
