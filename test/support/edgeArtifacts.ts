/** The models of the Worker under test: two good ones, and one for each way in which a model can be broken. */
import { createHash } from 'node:crypto';
import type { Artifact } from '../../training/artifact.ts';
import { CODE_SIZE, FEATURES, linearArtifact } from './linearArtifact.ts';
import { onnxModel } from './onnxModel.ts';

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
    tampered(),
    withEncoder('garbage', new TextEncoder().encode('this is not a model')),
    mislabelled(),
    withEncoder('faulty', faultyEncoder()),
  ];
}

/** The stored encoder is not the one that the manifest has the hash of. */
function tampered(): Artifact {
  const artifact = linearArtifact({ name: 'tampered', scale: 4 });
  const other = linearArtifact({ name: 'tampered', scale: 5 });
  return { ...artifact, graphs: { ...artifact.graphs, encoder: other.graphs.encoder } };
}

/** The encoder works, but its tensors are not those that the manifest lists. */
function mislabelled(): Artifact {
  return withEncoder('mislabelled', linearArtifact().graphs.decoder);
}

/** An artifact that is right in every way except for what its encoder does. */
function withEncoder(name: string, encoder: Uint8Array): Artifact {
  const { directory, manifest, graphs } = linearArtifact({ name });
  const sha256 = createHash('sha256').update(encoder).digest('hex');
  const specs = { ...manifest.graphs, encoder: { ...manifest.graphs.encoder, sha256 } };
  return { directory, manifest: { ...manifest, graphs: specs }, graphs: { ...graphs, encoder } };
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
