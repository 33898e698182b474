/** Finds out what a model that was made elsewhere takes, gives, and can be used for. */
import { InputError } from '../../shared/errors.ts';
import type { Matrix } from '../../shared/tensor.ts';
import { rowCountOf } from '../evaluate/outputs.ts';
import { rawInputs } from '../preprocess/emit.ts';
import { examine } from './examine.ts';
import { feedOf } from './feeds.ts';
import { graphsOf, type UnderstoodModel } from './graphs.ts';
import type { White } from './imageOrder.ts';
import { imageUse } from './imageUse.ts';
import { type InputLayout, inputLayoutOf } from './inputLayout.ts';
import type { RunJobs } from './jobs.ts';
import { shown } from './names.ts';
import { type ForeignModel, readForeignModel } from './readModel.ts';
import { failureOf } from './refusal.ts';
import { type Role, rolesOf } from './roles.ts';
import { type SampleRows, sampleRows } from './sampleRows.ts';

export interface UnderstandOptions {
  /** Path of the model. */
  readonly path: string;
  /** Path of its second half, which takes the codes of the first; undefined if there is none. */
  readonly decoder: string | undefined;
  /** Rows to examine the model on: a path, a glob or SQL; undefined to draw some. */
  readonly rows: string | undefined;
  /** Column of the rows with the known answer. */
  readonly targetColumn: string | undefined;
  readonly featureNames: readonly string[] | undefined;
  /** Roles by the name of the output. */
  readonly roles: Readonly<Record<string, Role>>;
  /** Sizes of inputs after the batch, by name, for those that the graph leaves open. */
  readonly inputSizes: Readonly<Record<string, readonly number[]>>;
  /** Inputs that are no part of a row, with the number that all of their values are. */
  readonly constants: Readonly<Record<string, number>>;
  /** The value of a white pixel in images that the model takes; undefined to infer it. */
  readonly white: White | undefined;
  readonly run: RunJobs;
}

export interface Understanding {
  readonly foreign: ForeignModel;
  readonly model: UnderstoodModel;
  readonly decoder: UnderstoodModel | undefined;
  readonly sample: SampleRows;
  /** The value of a white pixel, if it was stated. */
  readonly white: White | undefined;
  /** Names of the inputs, if some rows hold text; otherwise empty. */
  readonly columns: readonly string[];
  /** Names of the classes by output. */
  readonly classes: ReadonlyMap<string, readonly string[]>;
  /** Decisions, each with its reason, for people. */
  readonly notes: readonly string[];
}

/** Rows that a decoder is examined on. */
const DECODED = 64;

/** @throws {InputError} if a file is no usable model, or the rows do not fit it. */
export async function understand(options: UnderstandOptions): Promise<Understanding> {
  const { path, decoder: decoderPath, rows: location, targetColumn, featureNames, white, run } = options;
  const foreign = await readForeignModel(path);
  const layout = inputLayoutOf(foreign, { sizes: options.inputSizes, constants: options.constants });
  const names = featureNames ?? namesIn(foreign, layout);
  const sample = await sampleRows(layout, { location, names, targetColumn, white });
  const columns = 'table' in sample.rows ? rawInputs(sample.rows.columns).map(({ name }) => name) : [];
  const shared = { isDrawn: sample.source === undefined, run };
  const examined = await examine({
    ...{ ...shared, model: foreign, layout, rows: sample.rows, columns, prefix: 'model/' },
  });
  const roles = rolesOf(examined.outputs, {
    rowWidth: layout.width,
    stated: options.roles,
    isEncoder: decoderPath !== undefined,
  });
  if (roles.every(({ role }) => role === 'ignored')) {
    const reasons = roles.map(({ output, reason }) => `'${shown(output.name)}' ${reason}`);
    throw new InputError(
      `${path}: expected an output that can be answered, found none: ${reasons.join('; ')}`,
    );
  }
  const model: UnderstoodModel = {
    source: path,
    proto: foreign.proto,
    graph: examined.graph,
    prefix: 'model/',
    layout,
    roles,
  };
  const { classes } = examined;
  const { note } = imageUse(layout, sample, white);
  const notes = [...sample.notes, ...examined.notes, ...(note === undefined ? [] : [note])];
  const common = { foreign, model, sample, white, columns, classes };
  if (decoderPath === undefined) return { ...common, decoder: undefined, notes };
  const codes = await codesOfSample(model, sample, columns, run);
  const decoder = await understandDecoder(decoderPath, codes, shared);
  return { ...common, decoder: decoder.model, notes: [...notes, ...decoder.notes] };
}

/** Names in the metadata of a model, as a JSON list or separated by commas. */
function namesIn({ metadata }: ForeignModel, { width }: InputLayout): string[] | undefined {
  const text = metadata.features ?? metadata.feature_names;
  if (text === undefined) return undefined;
  const names = /^\s*\[/.test(text) ? parsedNames(text) : text.split(',').map((name) => name.trim());
  return names?.length === width ? names : undefined;
}

function parsedNames(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function codesOfSample(
  model: UnderstoodModel,
  { rows }: SampleRows,
  columns: readonly string[],
  run: RunJobs,
): Promise<Matrix> {
  const { encoder } = graphsOf(model, undefined, columns);
  if (encoder === undefined) {
    const found = model.roles.map(({ output, role }) => `${shown(output.name)}: ${role}`);
    throw new InputError(
      `--decoder: expected a model with an output that is a code, found ${found.join(', ')}; name it with --role`,
    );
  }
  const count = Math.min(DECODED, rowCountOf(rows));
  const [result] = await run([{ runtime: 'native', model: encoder.model, feeds: [feedOf(rows, 0, count)] }]);
  if ('failure' in result!)
    throw new InputError(`${model.source}: ${failureOf(result.failure, 'onnxruntime')}`);
  const { data, shape } = result!.outputs[0]![encoder.outputs[0]!.name]!;
  return { data: data as Float32Array<ArrayBuffer>, rowCount: count, width: shape[1]! };
}

async function understandDecoder(
  path: string,
  codes: Matrix,
  shared: { readonly isDrawn: boolean; readonly run: RunJobs },
): Promise<{ readonly model: UnderstoodModel; readonly notes: readonly string[] }> {
  const foreign = await readForeignModel(path);
  const layout = inputLayoutOf(foreign);
  if (layout.width !== codes.width || layout.hasText) {
    throw new InputError(
      `${path}: expected a decoder that takes the ${codes.width} numbers of a code, received one that takes ${layout.width}`,
    );
  }
  const prefix = 'decoder/';
  const { graph, outputs, notes } = await examine({
    ...{ ...shared, model: foreign, layout, rows: codes, columns: [], prefix },
  });
  const usable = outputs.find(({ width, fault, type }) => width !== undefined && !fault && type !== 'string');
  if (usable === undefined) {
    const faults = outputs.map(({ name, fault }) => `'${shown(name)}' ${fault}`);
    throw new InputError(
      `${path}: expected an output that is a reconstruction, found none: ${faults.join('; ')}`,
    );
  }
  const roles = [
    { output: usable, role: 'reconstruction' as const, reason: 'the first output of the decoder' },
  ];
  return { model: { source: path, proto: foreign.proto, graph, prefix, layout, roles }, notes };
}
