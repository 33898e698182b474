/** Examines a model that was made elsewhere by running it: sizes, batches, determinism, values. */
import { InputError } from '../../shared/errors.ts';
import type { GraphRows } from '../evaluate/outputs.ts';
import { rowCountOf } from '../evaluate/outputs.ts';
import type { onnx } from '../graph/schema.ts';
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
import { outputName, seenOutputs } from './seenOutputs.ts';
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
    // Of an even number of rows, if the other is odd: a graph may do something in turns.
    feedOf(rows, 0, Math.max(1, count - 1)),
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
    const problem = problemOf(result!, options);
    if (problem !== undefined) {
      problems.push(problem);
      continue;
    }
    const seen = seenOutputs(result as Extract<JobResult, { outputs: unknown }>, probed, {
      ...{ count, isDrawn: options.isDrawn, proto: model.proto },
    });
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

function problemOf(
  result: JobResult,
  { model, isDrawn }: Pick<ExamineOptions, 'model' | 'isDrawn'>,
): string | undefined {
  if ('outputs' in result) return undefined;
  const { failure, stage } = result;
  if (stage === 'load') return refusalOf(failure, model.proto, 'onnxruntime');
  return `${failureOf(failure, 'onnxruntime')}${isDrawn ? '; the rows were drawn: give --rows of your own' : ''}`;
}
