/** The models of the Worker under test: good ones, and one for each way in which a model can be broken. */
import { createHash } from 'node:crypto';
import { type GraphName, IMPORTED } from '../../../shared/manifest.ts';
import type { Artifact } from '../../../training/artifact/artifact.ts';
import { toOnnx } from '../../../training/graph/onnx.ts';
import { svmRegressor } from '../../../training/graph/ops/svmRegressor.ts';
import { input } from '../../../training/graph/value.ts';
import { onnxModel } from '../training/onnxModel.ts';
import { columnsArtifact } from './columnsArtifact.ts';
import { conditionalArtifact } from './conditionalArtifact.ts';
import { graphArtifact } from './graphArtifact.ts';
import { itemsArtifact, shopArtifact } from './itemsArtifact.ts';
import { CODE_SIZE, FEATURES, linearArtifact } from './linearArtifact.ts';

export const OLD_VERSION = '0123456789ab';
export const NEW_VERSION = 'fedcba987654';
/** The newest version's codes differ from the older one's by this factor. */
export const NEW_SCALE = 2;

/** Models that cannot be loaded, by what is wrong with them. */
export const UNAVAILABLE = ['tampered', 'garbage', 'mislabelled'] as const;

export function edgeArtifacts(): Artifact[] {
  return [
    linearArtifact({ version: OLD_VERSION, createdAt: '2026-01-01T00:00:00.000Z' }),
    linearArtifact({ version: NEW_VERSION, createdAt: '2026-02-01T00:00:00.000Z', scale: NEW_SCALE }),
    linearArtifact({ name: 'encode-only', operations: ['encode'] }),
    withGraph('support-vectors', 'predict', supportVectors()),
    conditionalArtifact(),
    itemsArtifact(),
    shopArtifact(),
    columnsArtifact(),
    images(),
    imagesFirst(),
    tampered(),
    withGraph('garbage', 'encoder', new TextEncoder().encode('this is not a model')),
    mislabelled(),
    withGraph('faulty', 'encoder', faultyEncoder()),
    imported(),
  ];
}

/** One model that always answers, and one that takes even numbers of rows: at others, onnxruntime throws. */
export function poorArtifacts(): Artifact[] {
  return [linearArtifact(), withGraph('even', 'encoder', evenEncoder())];
}

/** The rows as they are, by way of two rows in one. */
function evenEncoder(): Uint8Array {
  return onnxModel({
    inputs: { rows: ['N', FEATURES] },
    outputs: { code: ['N', FEATURES] },
    weights: {
      wide: { shape: [2], data: [-1, 2 * FEATURES] },
      narrow: { shape: [2], data: [-1, FEATURES] },
    },
    nodes: [
      ['Cast', ['wide'], ['wide_shape'], { to: INT64 }],
      ['Reshape', ['rows', 'wide_shape'], ['pairs']],
      ['Cast', ['narrow'], ['narrow_shape'], { to: INT64 }],
      ['Reshape', ['pairs', 'narrow_shape'], ['code']],
    ],
  });
}

/** `TensorProto.DataType` */
const INT64 = 7;

/** The linear model as one of images, 2 pixels high and 3 wide. */
function images(): Artifact {
  return graphArtifact('images', {}, ({ features }) => ({
    features: { ...features, names: null, rowShape: [2, 3] },
  }));
}

/** The linear model as one of images with channels first, as models from PyTorch have them, 1 pixel high and 2 wide. */
function imagesFirst(): Artifact {
  return graphArtifact('images-first', {}, ({ features }) => ({
    features: { ...features, names: null, rowShape: [3, 1, 2], imageLayout: 'CHW' },
  }));
}

/** The stored encoder is not the one that the manifest has the hash of. */
function tampered(): Artifact {
  const artifact = linearArtifact({ name: 'tampered', scale: 4 });
  const other = linearArtifact({ name: 'tampered', scale: 5 });
  return { ...artifact, graphs: { ...artifact.graphs, encoder: other.graphs.encoder } };
}

/** A model from elsewhere that has no answer for some rows. */
function imported(): Artifact {
  const { manifest, ...artifact } = withGraph('elsewhere', 'encoder', faultyEncoder());
  return { ...artifact, manifest: { ...manifest, variant: IMPORTED } };
}

/** The encoder works, but its tensors are not those that the manifest lists. */
function mislabelled(): Artifact {
  return withGraph('mislabelled', 'encoder', linearArtifact().graphs.decoder);
}

/** An artifact that differs from others in what one of its graphs does. */
function withGraph(name: string, graph: GraphName, bytes: Uint8Array): Artifact {
  const { directory, manifest, graphs } = linearArtifact({ name });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const specs = { ...manifest.graphs, [graph]: { ...manifest.graphs[graph], sha256 } };
  return { directory, manifest: { ...manifest, graphs: specs }, graphs: { ...graphs, [graph]: bytes } };
}

/** Two support vectors: rows of zeros and of ones. */
const SUPPORT_VECTORS = {
  vectors: [...new Array<number>(FEATURES).fill(0), ...new Array<number>(FEATURES).fill(1)],
  coefficients: [2, -0.5],
  intercept: 3,
  gamma: 0.125,
};

function supportVectors(): Uint8Array {
  const rows = input('rows', ['N', FEATURES]);
  const prediction = svmRegressor(rows, SUPPORT_VECTORS);
  return toOnnx({ name: 'predict', inputs: [rows], outputs: { prediction } });
}

/** What the model `support-vectors` must answer. */
export function expectedOfSupportVectors(rows: readonly (readonly number[])[]): number[] {
  const { coefficients, intercept, gamma } = SUPPORT_VECTORS;
  return rows.map((row) => {
    const kernel = (at: number) => Math.exp(-gamma * row.reduce((sum, value) => sum + (value - at) ** 2, 0));
    return intercept + coefficients[0]! * kernel(0) + coefficients[1]! * kernel(1);
  });
}

/** Loads, answers three rows, and fails while it runs on two: the bias then fits neither one row nor all. */
function faultyEncoder(): Uint8Array {
  return onnxModel({
    inputs: { rows: ['N', FEATURES] },
    outputs: { code: ['N', CODE_SIZE] },
    weights: {
      weight: { shape: [FEATURES, CODE_SIZE], data: new Array(FEATURES * CODE_SIZE).fill(1) },
      bias: { shape: [3, CODE_SIZE], data: new Array(3 * CODE_SIZE).fill(0) },
    },
    nodes: [['Gemm', ['rows', 'weight', 'bias'], ['code']]],
  });
}
