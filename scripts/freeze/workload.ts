/**
 * The runs of every graph before it is frozen: code that none of them reaches is removed from the runtime.
 */
import type { TensorSpec } from '../../shared/manifest.ts';
import { type Random, random } from '../../shared/random.ts';
import type { Tensor, Tensors } from '../../shared/tensor.ts';
import type { FreezableGraph } from './freezableGraphs.ts';

/**
 * Sizes for which kernels of matrix products take different paths: single rows, blocks of 2, 4 and 8, and
 * remainders.
 */
const BATCH_SIZES = [1, 2, 3, 4, 5, 7, 8, 16, 31, 64] as const;
/** Lengths of lists, for graphs that take lists. */
const LENGTHS = [1, 2, 5, 17] as const;
/**
 * Longest list, of a batch of one row. A list of that length in each of many rows would take gigabytes, far more than
 * the isolate that a request runs in has.
 */
const LONGEST = 4096;
const SEED = 1;
/**
 * Random numbers per input; a larger input repeats them. A prime, so that no two rows of usual widths are
 * equal.
 */
const DRAWN = 8191;

/** Kinds of inputs: each returns the number at index `i`. */
const KINDS = {
  ordinary: (draw) => 2 * draw.uniform() - 1,
  zero: (_, i) => (i % 2 === 0 ? 0 : -0),
  huge: (draw) => (draw.uniform() < 0.5 ? -1 : 1) * 3e38,
  denormal: (draw) => draw.uniform() * 1e-40,
  nan: (draw, i) => (i % 3 === 0 ? Number.NaN : draw.uniform()),
  infinite: (draw, i) => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, draw.uniform()][i % 3]!,
} as const satisfies Record<string, (draw: Random, i: number) => number>;

type ValueKind = keyof typeof KINDS;

export interface Workload {
  /** Numbers of rows; those above what the model accepts are left out. */
  readonly batchSizes: readonly number[];
  /** True if the most rows that the model accepts are included: with ordinary numbers only, if they are above 64. */
  readonly largest?: boolean;
  /** True if inputs of wrong shapes are included. */
  readonly errors: boolean;
}

/** One run of a graph. */
export interface WorkloadCase {
  readonly label: string;
  readonly inputs: Tensors;
  readonly outputs: readonly string[];
  /** True if other runtimes must give the same outputs up to rounding. */
  readonly isOrdinary: boolean;
}

/** The workload that covers everything that requests can cause. */
export const FULL_WORKLOAD: Workload = { batchSizes: BATCH_SIZES, largest: true, errors: true };

/** Yields the runs of a graph, the same every time. */
export function* casesOf(graph: FreezableGraph, workload: Workload): Generator<WorkloadCase> {
  const { errors } = workload;
  const outputs = graph.spec.outputs.map(({ name }) => name);
  const sizes = sizesOf(graph, workload);
  const largest = Math.max(...sizes);
  for (const rows of sizes) {
    const lengths = isOfLists(graph) ? lengthsOf(rows, workload) : [rows];
    for (const length of lengths) {
      for (const kind of Object.keys(KINDS) as ValueKind[]) {
        if (rows === largest && rows > 64 && kind !== 'ordinary') continue;
        if (length === LONGEST && kind !== 'ordinary') continue;
        const label = `${kind} ${rows}${length === rows ? '' : `x${length}`}`;
        yield {
          label,
          outputs,
          inputs: inputsOf(graph, rows, length, kind),
          isOrdinary: kind === 'ordinary',
        };
      }
    }
  }
  for (const output of outputs.length > 1 ? outputs : []) {
    const inputs = inputsOf(graph, 1, 1, 'ordinary');
    yield { label: `only ${output}`, outputs: [output], inputs, isOrdinary: true };
  }
  if (errors) yield* mistakes(graph, outputs);
}

function lengthsOf(rows: number, { largest }: Workload): readonly number[] {
  if (rows === 1 && largest) return [...LENGTHS, LONGEST];
  return rows <= 8 ? LENGTHS : [Math.min(rows, 64)];
}

function sizesOf({ maxRows }: FreezableGraph, { batchSizes, largest }: Workload): number[] {
  const sizes = batchSizes.filter((size) => size <= maxRows);
  return largest && !sizes.includes(maxRows) ? [...sizes, maxRows] : sizes;
}

/**
 * Inputs that onnxruntime must refuse. Empty ones are left out: the API rejects them, and onnxruntime may
 * divide by zero.
 */
function* mistakes(graph: FreezableGraph, outputs: readonly string[]): Generator<WorkloadCase> {
  const right = inputsOf(graph, 2, 2, 'ordinary');
  for (const { name } of graph.spec.inputs) {
    const tensor = right[name]!;
    const flat = { ...tensor, shape: [tensor.data.length] };
    const tall = { ...tensor, shape: [...tensor.shape, 1, 1] };
    const wide = { ...tensor, shape: [1, tensor.data.length] };
    for (const [label, wrong] of Object.entries({ flat, tall, wide })) {
      yield { label: `${label} ${name}`, inputs: { ...right, [name]: wrong }, outputs, isOrdinary: false };
    }
  }
}

function inputsOf(graph: FreezableGraph, rows: number, length: number, kind: ValueKind): Tensors {
  const draw = random(SEED, `${kind} ${rows} ${length}`);
  return Object.fromEntries(
    graph.spec.inputs.map((spec) => {
      const shape = spec.shape.map((size) =>
        typeof size === 'number' ? size : size === BATCH ? rows : length,
      );
      return [spec.name, tensorOf(graph, spec, shape, kind, draw)];
    }),
  );
}

function tensorOf(
  graph: FreezableGraph,
  spec: TensorSpec,
  shape: number[],
  kind: ValueKind,
  draw: Random,
): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  const { dtype } = spec;
  if (dtype === 'float32') return { dtype, shape, data: numbersOf(length, kind, draw) };
  const indices = Array.from({ length }, (_, i) => i);
  if (dtype === 'string') {
    const texts = ['', 'never seen', 'naïve ✓', ...graph.texts];
    return { dtype, shape, data: indices.map((i) => texts[i % texts.length]!) };
  }
  // A count is one number for the whole batch; other integers are item ids, with -1 for no item.
  const isCount = !spec.shape.some((size) => typeof size === 'string');
  const count = kind === 'ordinary' ? 1 + draw.integer(graph.items) : kind === 'zero' ? 1 : graph.items;
  const item = () => (kind === 'zero' ? 0 : draw.integer(graph.items + 1) - 1);
  return { dtype, shape, data: BigInt64Array.from(indices, () => BigInt(isCount ? count : item())) };
}

function numbersOf(length: number, kind: ValueKind, draw: Random): Float32Array {
  const data = new Float32Array(length);
  const drawn = Math.min(length, DRAWN);
  for (let i = 0; i < drawn; i++) data[i] = KINDS[kind](draw, i);
  for (let filled = drawn; filled < length; filled *= 2)
    data.copyWithin(filled, 0, Math.min(filled, length - filled));
  return data;
}

const BATCH = 'N';

function isOfLists({ spec }: FreezableGraph): boolean {
  return spec.inputs.some(({ shape }) => shape.some((size) => typeof size === 'string' && size !== BATCH));
}
