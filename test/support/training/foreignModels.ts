/** Models as other tools export them, small enough to work out what they answer. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelProto, type onnx } from '../../../training/graph/schema.ts';
import { runJobs } from '../../../training/importing/jobs.ts';
import { type UnderstandOptions, understand } from '../../../training/importing/understand.ts';
import { temporaryFolder } from '../data/data.ts';
import { type HandMadeGraph, onnxModel } from './onnxModel.ts';

export const FEATURES = 4;
export const CODE = 2;

/** `[4, 2]`, in multiples of 1/4: sums of products with small numbers are exact. */
export const WEIGHT = [
  [1, -0.5],
  [0.25, 2],
  [-1.5, 0.75],
  [0.5, 1],
] as const;

export const ENCODER: HandMadeGraph = {
  inputs: { readings: ['batch', FEATURES] },
  outputs: { output: ['batch', CODE] },
  weights: { weight: { shape: [FEATURES, CODE], data: WEIGHT.flat() } },
  nodes: [['MatMul', ['readings', 'weight'], ['output']]],
};

export const DECODER: HandMadeGraph = {
  inputs: { z: ['batch', CODE] },
  outputs: { out: ['batch', FEATURES] },
  weights: { weight: { shape: [CODE, FEATURES], data: [1, 0, 0.5, -1, 0.25, 1, 0, 2] } },
  nodes: [['MatMul', ['z', 'weight'], ['out']]],
};

/** The codes of rows. */
export function codesOfRows(rows: readonly (readonly number[])[]): number[][] {
  return product(rows, WEIGHT);
}

/** The rows that codes are decoded to. */
export function rowsOfCodes(codes: readonly (readonly number[])[]): number[][] {
  const { data } = DECODER.weights.weight!;
  return product(codes, [data.slice(0, FEATURES), data.slice(FEATURES)]);
}

function product(rows: readonly (readonly number[])[], weight: readonly (readonly number[])[]): number[][] {
  return rows.map((row) =>
    weight[0]!.map((_, column) => row.reduce((sum, value, i) => sum + value * weight[i]![column]!, 0)),
  );
}

/** Writes bytes, or a model, to a file of its own, and returns its path. */
export function modelFile(model: Uint8Array | HandMadeGraph | string, name = 'model.onnx'): string {
  const path = join(temporaryFolder(), name);
  const isBytes = typeof model === 'string' || model instanceof Uint8Array;
  writeFileSync(path, isBytes ? model : onnxModel(model));
  return path;
}

/** The encoder after `change` was made to its protobuf. */
export function changedEncoder(
  change: (model: onnx.ModelProto, graph: onnx.IGraphProto) => void,
): Uint8Array {
  const model = ModelProto.decode(onnxModel(ENCODER));
  change(model, model.graph!);
  return ModelProto.encode(model).finish();
}

const NOTHING: Omit<UnderstandOptions, 'path'> = {
  ...{ decoder: undefined, rows: undefined, targetColumn: undefined, featureNames: undefined },
  white: undefined,
  ...{ roles: {}, inputSizes: {}, constants: {}, run: runJobs },
};

/** Understands a model with the defaults of the command, in this process. */
export function understood(
  model: Parameters<typeof modelFile>[0],
  options: Partial<UnderstandOptions> = {},
): ReturnType<typeof understand> {
  return understand({ ...NOTHING, ...options, path: options.path ?? modelFile(model) });
}
