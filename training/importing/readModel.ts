/** Reads a model that was made elsewhere: the file, its external data, and what its graph takes and gives. */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { ModelProto, type onnx, TensorProto } from '../graph/schema.ts';
import { elementTypeName } from './elementTypes.ts';
import { assertDistinctNames, shown } from './names.ts';
import { everyGraph, everyNode } from './nodes.ts';
import { opsetsOf, STANDARD } from './opsets.ts';
import { otherFormat } from './otherFormats.ts';
import { assertEvaluationMode } from './trainingMode.ts';

/** An input or output of a graph. */
export interface ForeignTensor {
  readonly name: string;
  /** `float32`, `int64`, `string`, ...; `sequence` for what is not a tensor. */
  readonly type: string;
  /** Sizes, with names for those that are known at run time only; undefined if the graph does not tell. */
  readonly shape: readonly (number | string)[] | undefined;
}

export interface ForeignModel {
  /** Path of the file. */
  readonly source: string;
  readonly proto: onnx.IModelProto;
  /** Inputs that have no initial value. */
  readonly inputs: readonly ForeignTensor[];
  readonly outputs: readonly ForeignTensor[];
  /** What wrote the file, for instance `pytorch 2.11.0`. */
  readonly producer: string;
  /** Versions of the operators, by domain; `ai.onnx` is the standard's. */
  readonly opsets: Readonly<Record<string, number>>;
  /** `metadata_props` by key. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes of the file with its external data. */
  readonly bytes: number;
}

/**
 * Most bytes of a model: an isolate has 128 MiB for the runtime, its copy of the weights and the requests, and a
 * Worker is uploaded with at most 64 MiB.
 */
export const MOST_BYTES = 48 * 2 ** 20;

/**
 * Reads and checks a model; nothing of it is run.
 * @throws {InputError} naming the file, if it is no ONNX model, too large, incomplete or contradictory.
 */
export async function readForeignModel(path: string): Promise<ForeignModel> {
  const size = await sizeOf(path);
  const proto = decoded(path, await readFile(path));
  const external = await withExternalData(path, proto, MOST_BYTES - size);
  const graph = proto.graph!;
  const opsets = opsetsOf(path, proto);
  assertDistinctNames(path, graph);
  assertEvaluationMode(path, graph);
  const initial = new Set((graph.initializer ?? []).map(({ name }) => name));
  return {
    source: path,
    proto,
    inputs: (graph.input ?? []).filter(({ name }) => !initial.has(name)).map(tensorOf),
    outputs: (graph.output ?? []).map(tensorOf),
    producer: shown([proto.producerName, proto.producerVersion].filter(Boolean).join(' ')) || 'unknown',
    opsets,
    metadata: Object.fromEntries(
      (proto.metadataProps ?? []).map(({ key, value }) => [key ?? '', value ?? '']),
    ),
    bytes: size + external,
  };
}

/** Operators of a graph and of the graphs within it, with their counts, most frequent first. */
export function operatorsOf({ graph }: onnx.IModelProto): [operator: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { domain, opType } of everyNode(graph!)) {
    const name = domain && domain !== STANDARD ? `${domain}.${opType}` : `${opType}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([a, i], [b, j]) => j - i || (a < b ? -1 : 1));
}

async function sizeOf(path: string, absent = `${path}: no such file`): Promise<number> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') throw cause;
    throw new InputError(absent);
  });
  if (!found.isFile()) throw new InputError(`${path}: expected a file, received a folder`);
  assertSize(path, found.size);
  return found.size;
}

function assertSize(path: string, bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  throw new InputError(
    `${path}: has ${mebibytes(bytes)}, expected up to ${mebibytes(MOST_BYTES)}: an isolate has 128 MiB of memory, for the runtime, the weights and the requests; quantise the weights to float16 or int8, or export a smaller model`,
  );
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function decoded(path: string, bytes: Uint8Array): onnx.IModelProto {
  let proto: onnx.ModelProto;
  try {
    proto = ModelProto.decode(bytes);
  } catch (cause) {
    // The decoder throws what it meets: an end of the file, a wrong tag, too many levels.
    throw notOnnx(path, bytes, 'it is damaged or of another kind', cause);
  }
  const { graph } = proto;
  if (!graph || (graph.node ?? []).length === 0 || (graph.output ?? []).length === 0)
    throw notOnnx(path, bytes, 'found no graph with nodes and outputs');
  return proto;
}

function notOnnx(path: string, bytes: Uint8Array, otherwise: string, cause?: unknown): InputError {
  const format = otherFormat(bytes);
  const found = format === undefined ? otherwise : `this is ${format}`;
  // What the decoder met tells nothing about a file of another format.
  const shownCause = format === undefined && cause !== undefined ? { cause } : undefined;
  return new InputError(`${path}: expected an ONNX model, which is a protobuf; ${found}`, shownCause);
}

/** Reads the weights that are stored next to the file into the model, and returns their size. */
async function withExternalData(path: string, { graph }: onnx.IModelProto, left: number): Promise<number> {
  const files = new Map<string, Uint8Array>();
  let total = 0;
  for (const { initializer } of everyGraph(graph!)) {
    for (const tensor of initializer ?? []) {
      if (tensor.dataLocation !== TensorProto.DataLocation.EXTERNAL) continue;
      const entries = Object.fromEntries((tensor.externalData ?? []).map(({ key, value }) => [key, value]));
      const file = besideModel(path, entries.location ?? '');
      if (!files.has(file)) {
        total += await sizeOf(
          file,
          `${path}: its weights are in another file, which must lie next to it: ${shown(basename(file))} is not there`,
        );
        assertSize(path, MOST_BYTES - left + total);
        files.set(file, await readFile(file));
      }
      const whole = files.get(file)!;
      const start = Number(entries.offset ?? 0);
      const length = Number(entries.length ?? whole.length - start);
      if (!(start >= 0 && length >= 0 && start + length <= whole.length)) {
        throw new InputError(
          `${path}: expected ${length} bytes at ${start} of ${basename(file)}, which has ${whole.length}; export the model again`,
        );
      }
      tensor.rawData = whole.subarray(start, start + length);
      tensor.dataLocation = TensorProto.DataLocation.DEFAULT;
      tensor.externalData = [];
    }
  }
  return total;
}

/** @throws {InputError} for a location outside the model's folder, which no exporter writes. */
function besideModel(path: string, location: string): string {
  const folder = dirname(path);
  const file = join(folder, location);
  const within = relative(folder, file);
  if (
    location !== '' &&
    !location.includes('\0') &&
    within !== '' &&
    !within.startsWith('..') &&
    !isAbsolute(location)
  )
    return file;
  throw new InputError(`${path}: expected weights in a file next to it, received '${shown(location)}'`);
}

function tensorOf({ name, type }: onnx.IValueInfoProto): ForeignTensor {
  const tensor = type?.tensorType;
  return {
    name: name ?? '',
    type: tensor ? elementTypeName(tensor.elemType ?? 0) : 'sequence',
    shape: tensor?.shape?.dim?.map(({ dimValue, dimParam }, axis) =>
      dimValue !== undefined && dimValue !== null && Number(dimValue) > 0
        ? Number(dimValue)
        : dimParam || `axis_${axis}`,
    ),
  };
}
