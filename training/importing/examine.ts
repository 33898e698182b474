/** Examines a model that was made elsewhere by running it: sizes, batches, determinism, values. */
import { InputError } from '../../shared/errors.ts';
import type { NumberTensor } from '../../shared/tensor.ts';
import type { GraphRows } from '../evaluate/outputs.ts';
import { rowCountOf } from '../evaluate/outputs.ts';
import { type onnx, TensorProto } from '../graph/schema.ts';
import { assembled, cast, type Port, partOf } from './build.ts';
import { candidates } from './candidates.ts';
import { isNumeric } from './elementTypes.ts';
import { feedOf } from './feeds.ts';
import { type InputLayout, inputPorts, rowAdapter } from './inputLayout.ts';
import type { JobResult, RunJobs } from './jobs.ts';
import { prefixed, shown } from './names.ts';
import type { ForeignModel, ForeignTensor } from './readModel.ts';
import { failureOf, refusalOf } from './refusal.ts';
import type { SeenOutput } from './roles.ts';
import { withoutZipMap } from './zipMap.ts';

export interface ExaminedModel {
  /** The graph with `prefix` before its names, which takes batches of any size. */
  readonly graph: onnx.IGraphProto;
  readonly outputs: readonly SeenOutput[];
  /** Names of the classes by output. */
  readonly classes: ReadonlyMap<string, readonly string[]>;
  /** Decisions, for people. */
  readonly notes: readonly string[];
}

export interface ExamineOptions {
  readonly model: ForeignModel;
  readonly layout: InputLayout;
  readonly rows: GraphRows;
  /** True if the rows were drawn: they may lie outside of what the model expects. */
  readonly isDrawn: boolean;
  /** Names of the inputs, if some rows hold text. */
  readonly columns: readonly string[];
  readonly prefix: string;
  readonly run: RunJobs;
}

/** Rows of a batch whose answers are compared with those of single rows. */
const BATCH = 5;
/** Largest difference of a row's answers alone and among others, as a share of the largest value. */
const SAME_ROW = 1e-3;
/** The same for weights of 8 bits: dynamic quantisation takes its scale from the whole batch. */
const SAME_ROW_QUANTISED = 5e-2;

/**
 * @throws {InputError} if no runtime loads the graph, it fails on every batch, or answers depend on other rows.
 */
export async function examine(options: ExamineOptions): Promise<ExaminedModel> {
  const { model, layout, rows, columns, prefix, run } = options;
  const { graph: unzipped, classes } = withoutZipMap(model.proto.graph!);
  const readable = model.outputs.map((output) => ({ ...output, type: typeOf(output, unzipped) }));
  const probed = readable.filter(({ type }) => isNumeric(type));
  const count = Math.min(BATCH, rowCountOf(rows));
  const feeds = [
    feedOf(rows, 0, count),
    feedOf(rows, 0, count),
    ...Array.from({ length: count }, (_, row) => feedOf(rows, row, row + 1)),
  ];
  const ports = inputPorts(layout, columns);
  const nodes = rowAdapter(layout, { prefix, columns });
  const problems: string[] = [];
  for (const [attempt, candidate] of candidates(unzipped, layout.fixedBatch).entries()) {
    const graph = prefixed(candidate, prefix);
    const casts = probed.map(({ name }, i) => cast(`${prefix}${name}`, outputName(i), 'float32'));
    const outputs = probed.map((_, i): Port => [outputName(i), undefined]);
    const bytes = assembled(model.proto, [...nodes, partOf(graph), ...casts], { inputs: ports, outputs });
    const [result] = await run([{ runtime: 'native', model: bytes, feeds }]);
    const problem = problemOf(result!, model);
    if (problem !== undefined) {
      problems.push(problem);
      continue;
    }
    const seen = seenOutputs(result as Extract<JobResult, { outputs: unknown }>, probed, options, count);
    const dependent = seen.find(({ dependence }) => dependence !== undefined);
    if (dependent !== undefined && attempt === 0 && layout.fixedBatch !== undefined) {
      problems.push(dependent.dependence!);
      continue;
    }
    const byName = new Map(seen.map((each) => [each.name, each]));
    const notes =
      layout.fixedBatch === undefined
        ? []
        : [
            `the graph was exported for batches of ${layout.fixedBatch}; batches of 1 and ${count} rows give the same answers, so any size is accepted`,
          ];
    return {
      ...{ graph, classes, notes },
      outputs: readable.map((output) => byName.get(output.name) ?? unusable(output)),
    };
  }
  const exported =
    layout.fixedBatch === undefined
      ? ''
      : `; it was exported for batches of ${layout.fixedBatch} only: export it with an open batch (dynamic_axes={'${shown(layout.parts[0]!.input.name)}': {0: 'N'}}, or dynamic_shapes)`;
  throw new InputError(`${model.source}: ${problems.at(-1)}${exported}`);
}

function outputName(i: number): string {
  return `output#${i}`;
}

/** The type of an output, which is that of the probabilities once ZipMap is gone. */
function typeOf({ name, type }: ForeignTensor, { node }: onnx.IGraphProto): string {
  const wasZipped = node?.some(({ opType, output }) => opType === 'Identity' && output?.[0] === name);
  return type === 'sequence' && wasZipped ? 'float32' : type;
}

function unusable({ name, type }: ForeignTensor): SeenOutput {
  const fault =
    type === 'string' ? 'text: only numbers are answered' : `has type ${type}: expected a tensor of numbers`;
  return { name, type, width: undefined, sumsToOne: false, fault };
}

function problemOf(result: JobResult, { proto }: ForeignModel): string | undefined {
  if ('outputs' in result) return undefined;
  const { failure, stage } = result;
  return stage === 'load' ? refusalOf(failure, proto, 'onnxruntime') : failureOf(failure, 'onnxruntime');
}

interface Judged extends SeenOutput {
  /** The sentence about answers that depend on other rows. */
  readonly dependence?: string;
}

function seenOutputs(
  { outputs: [whole, again, ...singles] }: Extract<JobResult, { outputs: unknown }>,
  probed: readonly ForeignTensor[],
  { isDrawn, model }: ExamineOptions,
  count: number,
): Judged[] {
  const quantised = (model.proto.graph?.node ?? []).some(({ opType }) =>
    /Quantize|Integer/.test(opType ?? ''),
  );
  const broken = weightOfNan(model.proto);
  return probed.map(({ name, type, shape }, i): Judged => {
    const key = outputName(i);
    const batch = whole![key]!;
    const own = { name, type, sumsToOne: false, width: undefined };
    const single = singles[0]![key]!;
    const [first = 0, ...sizes] = batch.shape;
    const [each = 0] = single.shape;
    // Some exporters flatten a matrix to a column: then the first axis has several values of each row.
    if (each === 0 || first !== count * each) {
      const fault = `has shape [${batch.shape.join(', ')}] for ${count} rows and [${single.shape.join(', ')}] for one: expected a result per row`;
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
      return { ...own, fault: 'differs from run to run: it depends on random numbers' };
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const alone = singles.flatMap((single) => Array.from(numbers(single[key]!)));
    const difference = values.reduce((most, value, at) => Math.max(most, Math.abs(value - alone[at]!)), 0);
    const limit = quantised ? SAME_ROW_QUANTISED : SAME_ROW;
    if (!(difference <= limit * Math.max(largest, 1e-6))) {
      const fault = `differs by ${difference.toPrecision(2)} if a row is alone: answers depend on the other rows of a batch`;
      return { ...own, fault, dependence: `output '${shown(name)}' ${fault}` };
    }
    return { name, type, width, sumsToOne: sumToOne(values, width) };
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
