/** What every graph is run on before it is frozen: what is never reached here is left out of the runtime. */
import type { TensorSpec } from '../../shared/manifest.ts';
import { type Random, random } from '../../shared/random.ts';
import type { Tensor, Tensors } from '../../shared/tensor.ts';
import type { Freezable } from './graphs.ts';

/** Where kernels of matrix products change their course: single rows, blocks of 2, 4 and 8, and what is left over. */
const BATCH_SIZES = [1, 2, 3, 4, 5, 7, 8, 16, 31, 64] as const;
/** Lengths of lists, where a graph takes such. */
const LENGTHS = [1, 2, 5, 17] as const;
const SEED = 1;
/** Numbers of an input that are drawn; more repeat these. A prime, so that no two rows of usual widths are the same. */
const DRAWN = 8191;

/** The numbers of an input: `i` counts them. */
const KINDS = {
  ordinary: (draw) => 2 * draw.uniform() - 1,
  zero: (_, i) => (i % 2 === 0 ? 0 : -0),
  huge: (draw) => (draw.uniform() < 0.5 ? -1 : 1) * 3e38,
  denormal: (draw) => draw.uniform() * 1e-40,
  nan: (draw, i) => (i % 3 === 0 ? Number.NaN : draw.uniform()),
  infinite: (draw, i) => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, draw.uniform()][i % 3]!,
} as const satisfies Record<string, (draw: Random, i: number) => number>;

type Kind = keyof typeof KINDS;

export interface Workload {
  /** Rows of ordinary numbers, and for all but the largest of every other kind. */
  readonly batchSizes: readonly number[];
  /** Whether inputs of wrong shapes are part of it. */
  readonly errors: boolean;
}

/** One run. */
export interface Case {
  readonly label: string;
  readonly inputs: Tensors;
  readonly outputs: readonly string[];
  /** Whether other runtimes give the same up to rounding. */
  readonly isOrdinary: boolean;
}

/** Everything that requests of up to `maxRows` rows can make a graph do. */
export function fullWorkload(maxRows: number): Workload {
  const batchSizes = [...new Set([...BATCH_SIZES, maxRows])].sort((a, b) => a - b);
  return { batchSizes: batchSizes.filter((size) => size <= maxRows), errors: true };
}

/** The runs of a graph; the same ones every time. */
export function* casesOf(graph: Freezable, { batchSizes, errors }: Workload): Generator<Case> {
  const outputs = graph.spec.outputs.map(({ name }) => name);
  const largest = Math.max(...batchSizes);
  for (const rows of batchSizes) {
    const lengths = isOfLists(graph) && rows <= 8 ? LENGTHS : [rows];
    for (const length of lengths) {
      for (const kind of Object.keys(KINDS) as Kind[]) {
        if (rows === largest && rows > 64 && kind !== 'ordinary') continue;
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

/** Inputs that onnxruntime has to refuse. None are empty: on these it may divide by zero, and the API lets none through. */
function* mistakes(graph: Freezable, outputs: readonly string[]): Generator<Case> {
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

function inputsOf(graph: Freezable, rows: number, length: number, kind: Kind): Tensors {
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

function tensorOf(graph: Freezable, spec: TensorSpec, shape: number[], kind: Kind, draw: Random): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  const { dtype } = spec;
  if (dtype === 'float32') return { dtype, shape, data: numbersOf(length, kind, draw) };
  const indices = Array.from({ length }, (_, i) => i);
  if (dtype === 'string') {
    const texts = ['', 'never seen', 'naïve ✓', ...graph.texts];
    return { dtype, shape, data: indices.map((i) => texts[i % texts.length]!) };
  }
  // Counts are one number for the whole batch; others name items, of which -1 is none.
  const isCount = !spec.shape.some((size) => typeof size === 'string');
  const count = kind === 'ordinary' ? 1 + draw.integer(graph.items) : kind === 'zero' ? 1 : graph.items;
  const item = () => (kind === 'zero' ? 0 : draw.integer(graph.items + 1) - 1);
  return { dtype, shape, data: BigInt64Array.from(indices, () => BigInt(isCount ? count : item())) };
}

function numbersOf(length: number, kind: Kind, draw: Random): Float32Array {
  const data = new Float32Array(length);
  const drawn = Math.min(length, DRAWN);
  for (let i = 0; i < drawn; i++) data[i] = KINDS[kind](draw, i);
  for (let filled = drawn; filled < length; filled *= 2)
    data.copyWithin(filled, 0, Math.min(filled, length - filled));
  return data;
}

const BATCH = 'N';

function isOfLists({ spec }: Freezable): boolean {
  return spec.inputs.some(({ shape }) => shape.some((size) => typeof size === 'string' && size !== BATCH));
}
