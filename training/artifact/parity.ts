/** Parity: the runtime that serves must give the same numbers as the runtime that trained. */
import { GateError } from '../../shared/errors.ts';
import { type GraphName, graphEntries, type HeadName, type SomeGraphs } from '../../shared/manifest.ts';
import type { Parity } from '../../shared/measured.ts';
import type { Rows, Tensors } from '../../shared/tensor.ts';
import { batches, firstRows, rowsPerBatch } from '../data/batches.ts';
import { type InferenceModel, openNative, openWasm } from '../engines/inference.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import { toOnnx } from '../graph/onnx.ts';
import type { Input, Value } from '../graph/types.ts';
import { input } from '../graph/value.ts';
import type { Autoencoder } from '../models/model.ts';
import type { RawRows } from '../preprocess/preprocessing.ts';
import { compareRanking, compareValues, type Difference, worse } from './differences.ts';
import { type ErrorTerms, openErrorTerms } from './errorTerms.ts';

/**
 * Largest allowed difference between the runtimes, for outputs of magnitude up to 1. For larger outputs (rows
 * in raw units) it is relative to their largest magnitude, since float32 itself is coarser than 1e-5 above
 * 128. For predictions it is relative to the range of the target if that is larger still, and for reconstruction
 * errors to the terms of `errorTerms.ts`.
 */
export const PARITY_TOLERANCE = 1e-5;
/** Rows at a time, besides one; fewer if they are so wide that outputs of two runtimes would fill the memory. */
const BATCH = 64;
/**
 * Most values to compare, which limits the number of rows with thousands of columns: WASM would take minutes.
 */
const MAX_VALUES = 2 ** 23;

/**
 * Runs every graph in onnxruntime-node and in the WASM build of onnxruntime-web, at each batch size. Graphs
 * that preprocess columns take the `raw` rows, whose encoded form is `allRows`.
 * @throws {GateError} if an output differs by more than the tolerance, naming the graph, the output and the
 * figures. Integers must be equal, except for the order of entries whose scores are equal within the
 * tolerance.
 */
export async function measureParity(
  graphs: SomeGraphs<ExportedGraph>,
  allRows: Rows,
  model: ParityModel = {},
  raw?: RawRows,
  tolerance: number = PARITY_TOLERANCE,
): Promise<Parity> {
  const { width } = allRows;
  const batchSizes = [...new Set([1, rowsPerBatch(width, BATCH)])];
  const rows = firstRows(allRows, Math.max(BATCH, Math.floor(MAX_VALUES / width)));
  let [maxAbsDifference, maxScaledDifference] = [0, 0];
  for (const [name, graph] of graphEntries(graphs)) {
    const native = await openNative(graph.model);
    const wasm = await openWasm(graph.model);
    const terms = await openErrorTerms(graph.model);
    const inputMaker = await inputMakerOf(graphs, model, name, width);
    const span = name === 'predict' ? (model.prediction?.span ?? 0) : 0;
    const { rankedBy = {} } = model.heads?.[name as HeadName] ?? {};
    for (const batchSize of batchSizes) {
      const runs = { native, wasm, terms, inputs: inputMaker.of, rankedBy };
      const given = raw === undefined ? fedBatches(rows, batchSize) : raw(rows.rowCount, batchSize);
      for (const [output, { difference, magnitude }] of await compareRuntimes(runs, given)) {
        const scaled = difference / Math.max(1, magnitude, span);
        // Negated, so that NaN is refused too.
        if (!(scaled <= tolerance)) {
          throw new GateError(
            `parity: onnxruntime-node and WASM disagree on '${output}' of ${name}.onnx at batch size ${batchSize}: ` +
              `expected a difference of at most ${tolerance} of the largest value or term (${Math.max(magnitude, span)}), received ${difference}`,
          );
        }
        maxAbsDifference = Math.max(maxAbsDifference, difference);
        maxScaledDifference = Math.max(maxScaledDifference, scaled);
      }
    }
    for (const each of [native, wasm, terms, inputMaker]) await each.release();
  }
  return {
    maxAbsDifference,
    maxScaledDifference,
    tolerance,
    rows: rows.rowCount,
    batchSizes,
  };
}

type ParityModel = Pick<Autoencoder, 'heads' | 'condition' | 'prediction'>;

interface InputMaker {
  readonly of: (batch: Tensors) => Promise<Tensors>;
  readonly release: () => Promise<void>;
}

/**
 * Makes the inputs of a graph from a batch of rows: codes for decoder and reduction, for a head its own, else
 * the rows.
 */
async function inputMakerOf(
  graphs: SomeGraphs<ExportedGraph>,
  { heads, condition }: ParityModel,
  name: GraphName,
  width: number,
): Promise<InputMaker> {
  const head = heads?.[name as HeadName];
  if (head !== undefined) return rowParts(width, (rows) => named(head.inputs, head.inputsOf(rows)));
  if (name !== 'decoder' && name !== 'reduce') return { of: async (batch) => batch, release: async () => {} };
  const encoder = await openNative(graphs.encoder!.model); // whatever takes codes has one
  const [code] = graphs.encoder!.outputs;
  const conditionMaker =
    name === 'decoder' && condition
      ? await rowParts(width, (rows) => ({ condition: condition.of(rows) }))
      : undefined;
  return {
    of: async (batch) => {
      const outputs = await encoder.runTensors(batch);
      return { code: outputs[code!.name]!, ...(await conditionMaker?.of(batch)) };
    },
    release: async () => {
      await encoder.release();
      await conditionMaker?.release();
    },
  };
}

/** Yields batches for graphs without preprocessing; a batch is valid until the next one is requested. */
export function* fedBatches(rows: Rows, size: number): Generator<Tensors> {
  for (const { data, rowCount, width } of batches(rows, size)) {
    yield { rows: { dtype: 'float32', data, shape: [rowCount, width] } };
  }
}

/** Makes inputs from whole rows by a graph without weights. */
async function rowParts(
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

interface ParityRuns {
  readonly native: InferenceModel;
  readonly wasm: InferenceModel;
  readonly terms: ErrorTerms;
  readonly inputs: (batch: Tensors) => Promise<Tensors>;
  readonly rankedBy: Readonly<Record<string, string>>;
}

async function compareRuntimes(
  { native, wasm, terms, inputs, rankedBy }: ParityRuns,
  batches: Iterable<Tensors>,
) {
  const differences = new Map<string, Difference>();
  for (const batch of batches) {
    const given = await inputs(batch);
    const [expected, actual] = [await native.runTensors(given), await wasm.runTensors(given)];
    const ofErrors = await terms.of(given);
    for (const [output, value] of Object.entries(expected)) {
      const by = expected[rankedBy[output] ?? ''];
      const here =
        value.dtype === 'float32'
          ? compareValues(value, actual[output]!, ofErrors[output])
          : compareRanking(value, actual[output]!, by, PARITY_TOLERANCE);
      differences.set(output, worse(differences.get(output), here));
    }
  }
  return differences;
}
