/** A hand-made model, small enough that every answer of the Worker can be worked out in a few lines here. */
import { createHash } from 'node:crypto';
import type { Features } from '../../../shared/features.ts';
import {
  type GraphName,
  type GraphSpec,
  type HeadName,
  MANIFEST_SCHEMA_VERSION,
  OperationName,
  type TensorSpec,
  type TrainedManifest,
} from '../../../shared/manifest.ts';
import type { TrainedArtifact } from '../../../training/artifact/artifact.ts';
import { type HandMadeGraph, onnxModel } from '../training/onnxModel.ts';

export const FEATURES = 6;
export const CODE_SIZE = 2;

/** `[6, 2]`: code = rows x ENCODER + bias. Multiples of 1/8, so float32 and float64 agree exactly. */
const ENCODER = [
  [1, -0.5],
  [0.25, 2],
  [-1.5, 0.125],
  [0.5, 1],
  [3, -2],
  [-0.75, 0.5],
] as const;
const ENCODER_BIAS = [0.5, -1] as const;
/** `[2, 6]`: reconstruction = codes x DECODER + bias. */
const DECODER = [
  [0.5, -1, 2, 0.25, 1, -0.125],
  [1.5, 0.5, -0.25, 1, -1, 2],
] as const;
const DECODER_BIAS = [1, 2, 3, 4, 5, 6] as const;

/** `[2, 1]`: prediction = codes x PREDICTOR + bias. */
const PREDICTOR = [[4], [-0.5]] as const;
const PREDICTOR_BIAS = [0.25] as const;

/** Of the reconstruction error, whose quantiles are 0, 1 ... 100. */
export const THRESHOLD = 20;

/** The codes that a linear artifact's encoder must answer; `scale` as in `LinearOptions`. */
export function expectedCodes(rows: readonly (readonly number[])[], scale = 1): number[][] {
  return affine(rows, scaled(ENCODER, scale), ENCODER_BIAS);
}

/** The rows that a linear artifact's decoder must answer. */
export function expectedRows(codes: readonly (readonly number[])[]): number[][] {
  return affine(codes, DECODER, DECODER_BIAS);
}

/** One number for each of the codes. */
export function expectedPredictions(codes: readonly (readonly number[])[]): number[][] {
  return affine(codes, PREDICTOR, PREDICTOR_BIAS);
}

type OwnGraph = Exclude<GraphName, HeadName> | 'forecast' | 'predict' | 'reduce';

/** What linear artifacts offer: all that needs no items. */
export const LINEAR_OPERATIONS = OperationName.options.filter(
  (name) => name !== 'recommend' && name !== 'similar',
);

export interface LinearOptions {
  readonly name?: string;
  /** 12 hex digits. */
  readonly version?: string;
  readonly createdAt?: string;
  readonly operations?: readonly OperationName[];
  /** Multiplies the encoder's weights, so that versions can be told apart by their answers. */
  readonly scale?: number;
}

/** An artifact whose encoder, decoder and predictor are one affine map each; a forecast is what the encoder answers. */
export function linearArtifact(options: LinearOptions = {}): TrainedArtifact {
  const { name = 'linear', version = '0123456789ab', createdAt = '2026-01-01T00:00:00.000Z' } = options;
  const { operations = LINEAR_OPERATIONS, scale = 1 } = options;
  const rows = ['N', FEATURES] as const;
  const code = ['N', CODE_SIZE] as const;
  const encoder = {
    encoder_weight: { shape: [FEATURES, CODE_SIZE], data: scaled(ENCODER, scale).flat() },
    encoder_bias: { shape: [CODE_SIZE], data: ENCODER_BIAS },
  };
  const decoder = {
    decoder_weight: { shape: [CODE_SIZE, FEATURES], data: DECODER.flat() },
    decoder_bias: { shape: [FEATURES], data: DECODER_BIAS },
  };
  const encode = ['Gemm', ['rows', 'encoder_weight', 'encoder_bias'], ['code']] as const;
  const decode = ['Gemm', ['code', 'decoder_weight', 'decoder_bias'], ['reconstruction']] as const;
  const predictor = {
    predictor_weight: { shape: [CODE_SIZE, 1], data: PREDICTOR.flat() },
    predictor_bias: { shape: [1], data: PREDICTOR_BIAS },
  };
  const predict = ['Gemm', ['code', 'predictor_weight', 'predictor_bias'], ['prediction']] as const;
  const graphs = {
    encoder: { inputs: { rows }, outputs: { code }, weights: encoder, nodes: [encode] },
    decoder: { inputs: { code }, outputs: { reconstruction: rows }, weights: decoder, nodes: [decode] },
    autoencoder: {
      inputs: { rows },
      outputs: { reconstruction: rows, error: ['N'], feature_error: rows },
      weights: { ...encoder, ...decoder },
      nodes: [
        encode,
        decode,
        ['Sub', ['rows', 'reconstruction'], ['difference']],
        ['Mul', ['difference', 'difference'], ['feature_error']],
        ['ReduceMean', ['feature_error'], ['error'], { axes: [1], keepdims: 0 }],
      ],
    },
    predict: {
      inputs: { rows },
      outputs: { prediction: ['N', 1] },
      weights: { ...encoder, ...predictor },
      nodes: [encode, predict],
    },
    forecast: {
      inputs: { history: rows },
      outputs: { forecast: code },
      weights: encoder,
      nodes: [['Gemm', ['history', 'encoder_weight', 'encoder_bias'], ['forecast']]],
    },
    reduce: {
      inputs: { code },
      outputs: { coordinates_2d: code },
      weights: {},
      nodes: [['Identity', ['code'], ['coordinates_2d']]],
    },
  } as const;
  const bytes = perGraph((graph) => onnxModel(graphs[graph]));
  const manifest: TrainedManifest = {
    ...{ schemaVersion: MANIFEST_SCHEMA_VERSION, name, version, createdAt, variant: 'linear' },
    operations: [...operations],
    prediction: { target: 'price', predictor: 'linear' },
    recipe: { name: 'hand-made', config: {} },
    training: { engine: 'none', seed: 0, epochs: 0, bestEpoch: 0, interrupted: false, seconds: 0 },
    features: FEATURE_SPEC,
    codeSize: CODE_SIZE,
    graphs: perGraph((graph) => graphSpec(graph, bytes[graph], graphs[graph])),
    reconstructionError: {
      ...{ mean: 50, standardDeviation: 20, threshold: THRESHOLD, contamination: 0.01 },
      quantiles: Array.from({ length: 101 }, (_, percent) => percent),
    },
    metrics: { mse: 0.5 },
    baselines: { pca: { mse: 0.25 } },
    parity: { maxAbsDifference: 0, maxScaledDifference: 0, tolerance: 1e-5, rows: 1, batchSizes: [1] },
    data: { source: 'none', fingerprint: '0'.repeat(64), rows: { train: 1, validation: 0, test: 0 } },
    libraries: {},
    files: {},
  };
  return { directory: `artifacts/${name}/${version}`, manifest, graphs: bytes };
}

const FEATURE_SPEC: Features = {
  count: FEATURES,
  dtype: 'float32',
  names: ['a', 'b', 'c', 'd', 'e', 'f'],
  units: null,
  rowShape: [FEATURES],
  optional: false,
  statistics: {
    mean: new Array(FEATURES).fill(0),
    standardDeviation: new Array(FEATURES).fill(1),
    min: new Array(FEATURES).fill(-1),
    max: new Array(FEATURES).fill(1),
  },
};

function graphSpec(graph: GraphName, bytes: Uint8Array, { inputs, outputs }: HandMadeGraph): GraphSpec {
  const tensors = (shapes: HandMadeGraph['inputs']): TensorSpec[] =>
    Object.entries(shapes).map(([name, shape]) => ({ name, dtype: 'float32', shape: [...shape] }));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = `${graph}.onnx`;
  return { file, sha256, bytes: bytes.length, inputs: tensors(inputs), outputs: tensors(outputs) };
}

function perGraph<Value>(make: (graph: OwnGraph) => Value): Record<OwnGraph, Value> {
  return {
    encoder: make('encoder'),
    decoder: make('decoder'),
    autoencoder: make('autoencoder'),
    forecast: make('forecast'),
    predict: make('predict'),
    reduce: make('reduce'),
  };
}

/** The squared differences of a linear artifact's reconstruction. */
export function expectedFeatureErrors(rows: readonly (readonly number[])[], scale = 1): number[][] {
  const reconstructed = expectedRows(expectedCodes(rows, scale));
  return rows.map((row, r) => row.map((value, c) => (value - reconstructed[r]![c]!) ** 2));
}

function affine(
  rows: readonly (readonly number[])[],
  weight: readonly (readonly number[])[],
  bias: readonly number[],
): number[][] {
  return rows.map((row) =>
    bias.map((start, column) =>
      row.reduce((sum, value, k) => sum + value * (weight[k]?.[column] ?? 0), start),
    ),
  );
}

function scaled(weight: readonly (readonly number[])[], scale: number): number[][] {
  return weight.map((row) => row.map((value) => value * scale));
}
