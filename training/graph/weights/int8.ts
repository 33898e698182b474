/**
 * Weights stored as int8: a quarter of the bytes. Quantization is symmetric with one scale per slice of an
 * axis (Jacob et al., 2018).
 *
 * A cast and a product dequantize the weights. onnxruntime folds both when it loads the graph, so a run takes
 * as long as with float32 weights. Alternatives, measured in onnxruntime-web 1.30's WASM build on one thread,
 * with layers of 784-1024-512-64, shortest of many runs:
 * - `DequantizeLinear` is not folded but computed at every run: 4.1 ms instead of 0.14 ms for one row.
 * - `DynamicQuantizeLinear` with `MatMulInteger` takes 0.35 ms instead of 0.14 ms for one row, and 4.4 ms
 *   instead of 9 ms for 64 rows. But the error of recipe digits rises by 2.9 % instead of 0.2 %, the result
 *   for a row depends on the other rows of its batch, and onnxruntime-node, whose sums of 8-bit products
 *   saturate, differs from WASM by a tenth of the largest value.
 */
import { TensorProto } from '../schema.ts';
import type { NarrowType } from './narrow.ts';

/** Symmetric: -128 is not used. */
const LARGEST = 127;

/** Smallest number of values per slice: a scale of 4 bytes then adds at most half a byte per value. */
const MIN_SLICE = 8;

export const int8: NarrowType = {
  dataType: TensorProto.DataType.INT8,
  // Slices the axis with the smallest quantization error: nearly always the longest axis, or that of the
  // outputs.
  store: ({ dims, values }) => {
    const candidates = dims.flatMap((size, axis) =>
      values.length / size >= MIN_SLICE ? [quantizeSlices(values, dims, axis)] : [],
    );
    if (candidates.length === 0) return undefined;
    return candidates.reduce((best, each) => (each.squaredError < best.squaredError ? each : best));
  },
  numbers: (data) => Float32Array.from(new Int8Array(data.buffer, data.byteOffset, data.length)),
};

function quantizeSlices(values: Float32Array, dims: readonly number[], axis: number) {
  const size = dims[axis]!;
  const inner = dims.slice(axis + 1).reduce((product, each) => product * each, 1);
  const sliceOf = (i: number) => Math.floor(i / inner) % size;
  const largest = new Float32Array(size);
  for (let i = 0; i < values.length; i++) {
    const slice = sliceOf(i);
    largest[slice] = Math.max(largest[slice]!, Math.abs(values[i]!));
  }
  const scales = largest.map((value) => roundedUp(value / LARGEST));
  const quantized = new Int8Array(values.length);
  let squaredError = 0;
  for (let i = 0; i < values.length; i++) {
    const scale = scales[sliceOf(i)]!;
    if (scale > 0) quantized[i] = Math.round(values[i]! / scale);
    squaredError += (values[i]! - quantized[i]! * scale) ** 2;
  }
  return { data: new Uint8Array(quantized.buffer), scale: { axis, values: scales }, squaredError };
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * Rounds a positive number up to 16 significant bits. Its products with 8-bit integers are then exact in
 * float32, so that every runtime computes the same weights, and storing these again gives the same bytes.
 */
function roundedUp(value: number): number {
  float[0] = value;
  bits[0] = (bits[0]! + 0xff) & ~0xff;
  return float[0]!;
}
