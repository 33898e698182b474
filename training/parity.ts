/** Whether the runtime that serves gives the numbers of the runtime that trained. */
import { GateError } from '../shared/errors.ts';
import { graphEntries, type HeadName, type Parity } from '../shared/manifest.ts';
import type { Matrix, Rows } from '../shared/tensor.ts';
import { compareRanking, compareValues, type Difference, worse } from './compare.ts';
import { batches, firstRows } from './data/dataset.ts';
import { toOnnx } from './graph/onnx.ts';
import { input } from './graph/value.ts';
import type { ExportedGraphs } from './graphs.ts';
import { type InferenceModel, openNative, openWasm, type Tensors } from './inference.ts';
import type { Autoencoder, Head } from './models/model.ts';

/**
 * Largest difference allowed between the runtimes, for outputs of magnitude up to 1. Larger outputs (rows in raw
 * units) are held to it relative to their largest magnitude: float32 itself is coarser than 1e-5 above 128.
 */
export const PARITY_TOLERANCE = 1e-5;
const BATCH_SIZES = [1, 64];
/** So many values at most: of wider rows than thousands, fewer than there are, or WASM would take minutes. */
const MAX_VALUES = 2 ** 23;

/**
 * Runs every graph on the rows in onnxruntime-node and in onnxruntime-web's WASM build, at each batch size.
 * @throws {GateError} when an output differs by more than the tolerance, naming the graph, the output and the figures;
 * integers must be the same, but for the order of what is equal within the tolerance.
 */
export async function measureParity(
  graphs: ExportedGraphs,
  allRows: Rows,
  heads: Autoencoder['heads'] = {},
): Promise<Parity> {
  const rows = firstRows(allRows, Math.max(BATCH_SIZES.at(-1)!, Math.floor(MAX_VALUES / allRows.width)));
  let [maxAbsDifference, maxScaledDifference] = [0, 0];
  for (const [name, { model, inputs }] of graphEntries(graphs)) {
    const native = await openNative(model);
    const wasm = await openWasm(model);
    const head = heads[name as HeadName];
    const inputMaker = await inputMakerOf(graphs, head, inputs[0]!.name, rows.width);
    for (const batchSize of BATCH_SIZES) {
      const runs = { native, wasm, inputs: inputMaker.of, rankedBy: head?.rankedBy ?? {} };
      for (const [output, { difference, magnitude }] of await compare(runs, rows, batchSize)) {
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
    for (const each of [native, wasm, inputMaker]) await each.release();
  }
  return {
    maxAbsDifference,
    maxScaledDifference,
    tolerance: PARITY_TOLERANCE,
    rows: rows.rowCount,
    batchSizes: BATCH_SIZES,
  };
}

interface InputMaker {
  readonly of: (batch: Matrix) => Promise<Tensors>;
  readonly release: () => Promise<void>;
}

/** What a graph is fed for a batch of rows: a head what it makes of them, the decoder their codes, others the rows. */
async function inputMakerOf(
  graphs: ExportedGraphs,
  head: Head | undefined,
  firstInput: string,
  width: number,
): Promise<InputMaker> {
  const fed = (batch: Matrix): Tensors => ({
    rows: { dtype: 'float32', data: batch.data, shape: [batch.rowCount, batch.width] },
  });
  if (head === undefined && firstInput !== 'code')
    return { of: async (batch) => fed(batch), release: async () => {} };
  const maker = await openNative(head === undefined ? graphs.encoder.model : inputGraph(head, width));
  const [code] = graphs.encoder.outputs;
  return {
    of: async (batch) => {
      const outputs = await maker.runTensors(fed(batch));
      return head === undefined ? { code: outputs[code!.name]! } : outputs;
    },
    release: maker.release,
  };
}

/** Whole rows to a head's inputs. */
function inputGraph({ inputs, inputsOf }: Head, width: number): Uint8Array {
  const rows = input('rows', ['N', width]);
  const values = inputsOf(rows);
  const outputs = Object.fromEntries(inputs.map(({ name }, i) => [name, values[i]!]));
  return toOnnx({ name: 'inputs', inputs: [rows], outputs });
}

interface Runs {
  readonly native: InferenceModel;
  readonly wasm: InferenceModel;
  readonly inputs: (batch: Matrix) => Promise<Tensors>;
  readonly rankedBy: Readonly<Record<string, string>>;
}

async function compare({ native, wasm, inputs, rankedBy }: Runs, rows: Rows, batchSize: number) {
  const differences = new Map<string, Difference>();
  for (const batch of batches(rows, batchSize)) {
    const given = await inputs(batch);
    const [expected, actual] = [await native.runTensors(given), await wasm.runTensors(given)];
    for (const [output, value] of Object.entries(expected)) {
      const by = expected[rankedBy[output] ?? ''];
      const here =
        value.dtype === 'float32'
          ? compareValues(value, actual[output]!)
          : compareRanking(value, actual[output]!, by, PARITY_TOLERANCE);
      differences.set(output, worse(differences.get(output), here));
    }
  }
  return differences;
}
