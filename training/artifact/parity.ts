/** Whether the runtime that serves gives the numbers of the runtime that trained. */
import { GateError } from '../../shared/errors.ts';
import { type GraphName, graphEntries, type HeadName } from '../../shared/manifest.ts';
import type { Parity } from '../../shared/measured.ts';
import type { Rows, Tensors } from '../../shared/tensor.ts';
import { batches, firstRows } from '../data/batches.ts';
import { type InferenceModel, openNative, openWasm } from '../engines/inference.ts';
import { toOnnx } from '../graph/onnx.ts';
import type { Input, Value } from '../graph/types.ts';
import { input } from '../graph/value.ts';
import type { Autoencoder } from '../models/model.ts';
import type { RawRows } from '../preprocess/preprocessing.ts';
import { compareRanking, compareValues, type Difference, worse } from './differences.ts';
import type { ExportedGraphs } from './exportGraphs.ts';

/**
 * Largest difference allowed between the runtimes, for outputs of magnitude up to 1. Larger outputs (rows in raw
 * units) are held to it relative to their largest magnitude: float32 itself is coarser than 1e-5 above 128. Predictions are
 * held to it relative to the range of their target, which may be wider than what is predicted.
 */
export const PARITY_TOLERANCE = 1e-5;
const BATCH_SIZES = [1, 64];
/** So many values at most: of wider rows than thousands, fewer than there are, or WASM would take minutes. */
const MAX_VALUES = 2 ** 23;

/**
 * Runs every graph on the rows (on the `raw` ones that these are the encoded form of, where there are such) in onnxruntime-node and in onnxruntime-web's WASM build, at each batch size.
 * @throws {GateError} when an output differs by more than the tolerance, naming the graph, the output and the figures;
 * integers must be the same, but for the order of what is equal within the tolerance.
 */
export async function measureParity(
  graphs: ExportedGraphs,
  allRows: Rows,
  model: Conditional = {},
  raw?: RawRows,
): Promise<Parity> {
  const rows = firstRows(allRows, Math.max(BATCH_SIZES.at(-1)!, Math.floor(MAX_VALUES / allRows.width)));
  let [maxAbsDifference, maxScaledDifference] = [0, 0];
  for (const [name, graph] of graphEntries(graphs)) {
    const native = await openNative(graph.model);
    const wasm = await openWasm(graph.model);
    const inputMaker = await inputMakerOf(graphs, model, name, rows.width);
    const span = name === 'predict' ? (model.prediction?.span ?? 0) : 0;
    const { rankedBy = {} } = model.heads?.[name as HeadName] ?? {};
    for (const batchSize of BATCH_SIZES) {
      const runs = { native, wasm, inputs: inputMaker.of, rankedBy };
      const given = raw === undefined ? fedBatches(rows, batchSize) : raw(rows.rowCount, batchSize);
      for (const [output, { difference, magnitude }] of await compare(runs, given)) {
        const scaled = difference / Math.max(1, magnitude, span);
        // Written so that NaN, which no comparison accepts, is refused too.
        if (!(scaled <= PARITY_TOLERANCE)) {
          throw new GateError(
            `parity: onnxruntime-node and WASM disagree in '${output}' of ${name}.onnx at batch size ${batchSize}: ` +
              `expected a difference of at most ${PARITY_TOLERANCE} of the largest value (${Math.max(magnitude, span)}), received ${difference}`,
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

type Conditional = Pick<Autoencoder, 'heads' | 'condition' | 'prediction'>;

interface InputMaker {
  readonly of: (batch: Tensors) => Promise<Tensors>;
  readonly release: () => Promise<void>;
}

/** What a graph is fed for a batch of rows: decoder and reduction their codes, a head what it makes of them, others the rows. */
async function inputMakerOf(
  graphs: ExportedGraphs,
  { heads, condition }: Conditional,
  name: GraphName,
  width: number,
): Promise<InputMaker> {
  const head = heads?.[name as HeadName];
  if (head !== undefined) return partsOf(width, (rows) => named(head.inputs, head.inputsOf(rows)));
  if (name !== 'decoder' && name !== 'reduce') return { of: async (batch) => batch, release: async () => {} };
  const encoder = await openNative(graphs.encoder.model);
  const [code] = graphs.encoder.outputs;
  const beside =
    name === 'decoder' && condition
      ? await partsOf(width, (rows) => ({ condition: condition.of(rows) }))
      : undefined;
  return {
    of: async (batch) => {
      const outputs = await encoder.runTensors(batch);
      return { code: outputs[code!.name]!, ...(await beside?.of(batch)) };
    },
    release: async () => {
      await encoder.release();
      await beside?.release();
    },
  };
}

/** Rows as graphs without preprocessing take them; a batch is good until the next is asked for. */
export function* fedBatches(rows: Rows, size: number): Generator<Tensors> {
  for (const { data, rowCount, width } of batches(rows, size)) {
    yield { rows: { dtype: 'float32', data, shape: [rowCount, width] } };
  }
}

/** What graphs without weights take of whole rows. */
async function partsOf(
  width: number,
  parts: (rows: Value) => Readonly<Record<string, Value>>,
): Promise<InputMaker> {
  const rows = input('rows', ['N', width]);
  const maker = await openNative(toOnnx({ name: 'parts', inputs: [rows], outputs: parts(rows) }));
  return { of: (batch) => maker.runTensors(batch), release: maker.release };
}

function named(inputs: readonly Input[], values: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(inputs.map(({ name }, i) => [name, values[i]!]));
}

interface Runs {
  readonly native: InferenceModel;
  readonly wasm: InferenceModel;
  readonly inputs: (batch: Tensors) => Promise<Tensors>;
  readonly rankedBy: Readonly<Record<string, string>>;
}

async function compare({ native, wasm, inputs, rankedBy }: Runs, batches: Iterable<Tensors>) {
  const differences = new Map<string, Difference>();
  for (const batch of batches) {
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
