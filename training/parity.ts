/** Whether the runtime that serves gives the numbers of the runtime that trained. */
import { GateError } from '../shared/errors.ts';
import { graphEntries, type HeadName, type Parity } from '../shared/manifest.ts';
import type { Matrix } from '../shared/tensor.ts';
import { batches } from './data/dataset.ts';
import type { Feed } from './engines/feeds.ts';
import { codesOf } from './evaluate/code.ts';
import { toOnnx } from './graph/onnx.ts';
import type { Value } from './graph/types.ts';
import { input } from './graph/value.ts';
import type { ExportedGraphs } from './graphs.ts';
import { type InferenceModel, openNative, openWasm } from './inference.ts';
import type { Autoencoder } from './models/model.ts';

/**
 * Largest difference allowed between the runtimes, for outputs of magnitude up to 1. Larger outputs (rows in raw
 * units) are held to it relative to their largest magnitude: float32 itself is coarser than 1e-5 above 128.
 */
export const PARITY_TOLERANCE = 1e-5;
const BATCH_SIZES = [1, 64];

/**
 * Runs every graph on the rows in onnxruntime-node and in onnxruntime-web's WASM build, at each batch size.
 * @throws {GateError} when an output differs by more than the tolerance, naming the graph, the output and the figures.
 */
export async function measureParity(
  graphs: ExportedGraphs,
  rows: Matrix,
  { heads, condition }: Pick<Autoencoder, 'heads' | 'condition'> = {},
): Promise<Parity> {
  const known: Record<string, Matrix> = { rows, code: await codesOf(graphs.encoder, rows) };
  if (condition !== undefined) known.condition = await partOf(rows, condition.of);
  let maxAbsDifference = 0;
  let maxScaledDifference = 0;
  for (const [name, { model, inputs }] of graphEntries(graphs)) {
    const native = await openNative(model);
    const wasm = await openWasm(model);
    const head = heads?.[name as HeadName];
    const given = await Promise.all(
      inputs.map(async (each): Promise<Given> => {
        return [each.name, head === undefined ? known[each.name]! : await partOf(rows, head.inputOf)];
      }),
    );
    for (const batchSize of BATCH_SIZES) {
      for (const [output, { difference, magnitude }] of await compare(native, wasm, given, batchSize)) {
        const scaled = difference / Math.max(1, magnitude);
        // Written so that NaN, which no comparison accepts, is refused too.
        if (!(scaled <= PARITY_TOLERANCE)) {
          throw new GateError(
            `parity: onnxruntime-node and WASM disagree in '${output}' of ${name}.onnx at batch size ${batchSize}: ` +
              `expected a difference of at most ${PARITY_TOLERANCE} of the largest value (${magnitude}), received ${difference}`,
          );
        }
        maxAbsDifference = Math.max(maxAbsDifference, difference);
        maxScaledDifference = Math.max(maxScaledDifference, scaled);
      }
    }
    await native.release();
    await wasm.release();
  }
  return {
    maxAbsDifference,
    maxScaledDifference,
    tolerance: PARITY_TOLERANCE,
    rows: rows.rowCount,
    batchSizes: BATCH_SIZES,
  };
}

/** What a graph without weights takes of whole rows. */
async function partOf(rows: Matrix, take: (rows: Value) => Value): Promise<Matrix> {
  const whole = input('rows', ['N', rows.width]);
  const model = await openNative(toOnnx({ name: 'part', inputs: [whole], outputs: { part: take(whole) } }));
  const { part } = await model.run(rows);
  await model.release();
  return { data: part!, rowCount: rows.rowCount, width: part!.length / rows.rowCount };
}

/** An input's name and its values, a row each. */
type Given = readonly [name: string, values: Matrix];

/** Largest absolute difference and largest magnitude of one output; NaN where either side has one. */
interface Comparison {
  difference: number;
  magnitude: number;
}

async function compare(
  native: InferenceModel,
  wasm: InferenceModel,
  given: readonly Given[],
  batchSize: number,
): Promise<Map<string, Comparison>> {
  const outputs = new Map<string, Comparison>();
  const [[, first], ...others] = given as [Given, ...Given[]];
  const beside = others.map(([name, values]) => [name, [...batches(values, batchSize)]] as const);
  let index = 0;
  for (const batch of batches(first, batchSize)) {
    const feeds = new Map(beside.map(([name, parts]) => [name, feedOf(parts[index]!)]));
    const expected = await native.run(batch, feeds);
    const actual = await wasm.run(batch, feeds);
    index++;
    for (const [output, values] of Object.entries(expected)) {
      const { difference, magnitude } = outputs.get(output) ?? { difference: 0, magnitude: 0 };
      const here = compareValues(values, actual[output]!);
      outputs.set(output, {
        difference: Math.max(difference, here.difference),
        magnitude: Math.max(magnitude, here.magnitude),
      });
    }
  }
  return outputs;
}

function feedOf({ data, rowCount, width }: Matrix): Feed {
  return { data, shape: [rowCount, width] };
}

function compareValues(expected: Float32Array, actual: Float32Array): Comparison {
  let difference = 0;
  let magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(expected[i]! - actual[i]!));
    magnitude = Math.max(magnitude, Math.abs(expected[i]!));
  }
  return { difference, magnitude };
}
