/** What runs of a graph tell about its outputs: widths, determinism, values, independence of rows. */
import type { NumberTensor } from '../../shared/tensor.ts';
import { type onnx, TensorProto } from '../graph/schema.ts';
import type { JobResult } from './jobs.ts';
import { shown } from './names.ts';
import { isQuantised } from './precision.ts';
import type { ForeignTensor } from './readModel.ts';
import type { SeenOutput } from './roles.ts';

/** Largest difference of a row's answers alone and among others, as a share of the largest value. */
const SAME_ROW = 1e-3;
/** The same for weights of 8 bits: dynamic quantisation takes its scale from the whole batch. */
const SAME_ROW_QUANTISED = 5e-2;

/** Name of an output of the graph that is run, by its position among those that hold numbers. */
export function outputName(i: number): string {
  return `output#${i}`;
}

export interface Judged extends SeenOutput {
  /** The sentence about answers that depend on other rows. */
  readonly dependence?: string;
}

export interface RunFacts {
  /** Rows of the batch. */
  readonly count: number;
  /** True if the rows were drawn: they may lie outside of what the model expects. */
  readonly isDrawn: boolean;
  readonly proto: onnx.IModelProto;
}

/**
 * Returns what the answers of a batch, of the same batch again, without its last row, and of its rows alone tell about
 * each output.
 */
export function seenOutputs(
  { outputs: [whole, again, fewer, ...singles] }: Extract<JobResult, { outputs: unknown }>,
  probed: readonly ForeignTensor[],
  { count, isDrawn, proto }: RunFacts,
): Judged[] {
  const broken = weightOfNan(proto);
  return probed.map(({ name, type, shape }, i): Judged => {
    const key = outputName(i);
    const batch = whole![key]!;
    const own = { name, type, sumsToOne: false, width: undefined };
    const single = singles[0]![key]!;
    const [first = 0, ...sizes] = batch.shape;
    const [each = 0] = single.shape;
    // Some exporters flatten a matrix to a column: then the first axis has several values of each row.
    if (each === 0 || first !== count * each) {
      const fault = `has shape [${batch.shape.join(', ')}] for ${count} rows and [${single.shape.join(', ')}] for one: expected a result per row, and rows along the first axis (batch_first=True for recurrent layers of PyTorch)`;
      return { ...own, fault, dependence: `output '${shown(name)}' ${fault}` };
    }
    const contradiction = contradictionOf(shape, batch.shape);
    if (contradiction !== undefined) return { ...own, fault: contradiction };
    const width = sizes.reduce((product, size) => product * size, each);
    const values = numbers(batch);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const fault = `is ${values[bad]} for row ${Math.floor(bad / width)}, all of whose values are finite${broken ?? (isDrawn ? '; the rows were drawn: give --rows of your own' : '')}`;
      return { ...own, fault };
    }
    if (values.some((value, at) => value !== numbers(again![key]!)[at]))
      return {
        ...own,
        fault:
          'differs from run to run: it depends on random numbers; a VAE need not sample: decode the mean where not model.training, and call model.eval() before the export',
      };
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const alone = singles.flatMap((single) => Array.from(numbers(single[key]!)));
    const among = numbers(fewer![key]!);
    const difference = Math.max(largestDifference(values, alone), largestDifference(among, alone));
    const limit = isQuantised(proto) ? SAME_ROW_QUANTISED : SAME_ROW;
    if (!(difference <= limit * Math.max(largest, 1e-6))) {
      const fault = `differs by ${difference.toPrecision(2)} if a row is alone: answers depend on the other rows of a batch, as they do before model.eval()`;
      return { ...own, fault, dependence: `output '${shown(name)}' ${fault}` };
    }
    return { name, type, width, ...(each === 1 && { sizes }), sumsToOne: sumToOne(values, width) };
  });
}

/** Describes a shape that the graph declares but does not give; the batch is open. */
function contradictionOf(declared: ForeignTensor['shape'], seen: readonly number[]): string | undefined {
  if (declared === undefined || declared.length !== seen.length) return undefined;
  const differ = declared.some((size, axis) => axis > 0 && typeof size === 'number' && size !== seen[axis]);
  return differ ? `is declared as [${declared.join(', ')}], but has shape [${seen.join(', ')}]` : undefined;
}

/** Names a weight that holds NaN, if there is one. */
function weightOfNan({ graph }: onnx.IModelProto): string | undefined {
  const found = (graph?.initializer ?? []).find(({ dataType, rawData, floatData }) => {
    if (dataType !== TensorProto.DataType.FLOAT) return false;
    if (floatData?.some(Number.isNaN)) return true;
    const bytes = Uint8Array.from(rawData ?? []);
    return new Float32Array(bytes.buffer, 0, bytes.length >> 2).some(Number.isNaN);
  });
  return found && `; weight '${shown(found.name ?? '')}' holds NaN`;
}

/** NaN if there is none to compare a value with. */
function largestDifference(values: Float32Array, others: readonly number[]): number {
  return values.reduce((most, value, at) => Math.max(most, Math.abs(value - (others[at] ?? Number.NaN))), 0);
}

function numbers({ data }: NumberTensor): Float32Array {
  return data as Float32Array;
}

function sumToOne(values: Float32Array, width: number): boolean {
  if (width < 2) return false;
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width);
    const sum = row.reduce((total, value) => total + value, 0);
    if (row.some((value) => value < 0) || Math.abs(sum - 1) > 1e-3) return false;
  }
  return true;
}
