/** Models over a bucket in memory, with sessions that only say which graph they are. */
import { createHash } from 'node:crypto';
import { bucketModels } from '../../../edge/models/bucketModels.ts';
import { Models } from '../../../edge/models/models.ts';
import type { Routing } from '../../../edge/models/release.ts';
import type { OpenSession } from '../../../edge/runtime/session.ts';
import { type GraphName, graphEntries, type Manifest } from '../../../shared/manifest.ts';
import type { NumberTensor } from '../../../shared/tensor.ts';
import type { StoredArtifact } from '../artifacts/storedArtifact.ts';
import { type MemoryBucket, memoryBucket } from './memoryBucket.ts';

export const TTL_MS = 5;
export const TIMEOUT_MS = 30;
const MIB = 1024 * 1024;

interface Options {
  readonly bundled?: readonly StoredArtifact[];
  /** Every version that is opened: their graphs have the tensors that their manifests say. */
  readonly artifacts: readonly StoredArtifact[];
  readonly cacheBytes?: number;
  readonly timeoutMs?: number;
}

export interface TestModels {
  readonly models: Models;
  readonly bucket: MemoryBucket;
  /** Graphs that are open now, as `version/graph`. */
  readonly open: Set<string>;
  /** Finds a model, runs its graph, and answers the version that the session is of. */
  encode(reference?: string, routing?: Routing, graph?: GraphName): Promise<string>;
}

export function testModels({
  bundled = [],
  artifacts,
  cacheBytes = 32 * MIB,
  timeoutMs = TIMEOUT_MS,
}: Options): TestModels {
  const bucket = memoryBucket();
  const open = new Set<string>();
  const byHash = new Map(
    artifacts.flatMap(({ manifest }) =>
      graphEntries(manifest.graphs).map(([graph, spec]) => [spec.sha256, { manifest, graph, spec }] as const),
    ),
  );
  const openNamed: OpenSession = async (bytes) => {
    const found = byHash.get(createHash('sha256').update(bytes).digest('hex'));
    if (!found) throw new Error('not a graph');
    const { manifest, graph, spec } = found;
    const key = `${manifest.version}/${graph}`;
    open.add(key);
    return {
      inputNames: spec.inputs.map(({ name }) => name),
      outputNames: spec.outputs.map(({ name }) => name),
      run: async (_, outputs) => {
        if (!open.has(key)) throw new Error(`${key} was released`);
        const data = new BigInt64Array([BigInt(`0x${manifest.version}`)]);
        const tensor: NumberTensor = { dtype: 'int64', shape: [1], data };
        return Object.fromEntries(outputs.map((name) => [name, tensor])) as Record<
          (typeof outputs)[number],
          NumberTensor
        >;
      },
      release: async () => {
        open.delete(key);
      },
    };
  };
  const models = new Models({
    bundled: {
      manifests: bundled.map(({ manifest }) => manifest),
      graph: async (manifest: Manifest, graph) =>
        new Uint8Array(
          bundled.find((each) => each.manifest === manifest)!.graphs[graph as keyof StoredArtifact['graphs']],
        ),
    },
    stored: bucketModels(bucket, { timeoutMs, maxGraphBytes: MIB }),
    runtime: { open: openNamed },
    cacheBytes,
    ttlMs: TTL_MS,
    keepAlive: () => undefined,
  });
  return {
    ...{ models, bucket, open },
    encode: async (reference = 'digits', routing, graph = 'encoder') => {
      const manifest = await models.find(reference, routing, [graph]);
      const { result } = await models.run(manifest, graph, {}, ['result']);
      const version = (result.data as BigInt64Array)[0]!.toString(16).padStart(12, '0');
      if (version !== manifest.version) throw new Error(`${manifest.version} was answered by ${version}`);
      return version;
    },
  };
}
