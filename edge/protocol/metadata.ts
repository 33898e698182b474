/** Metadata of graphs, in the form of the protocol. */
import type { TensorSpec } from '../../shared/manifest.ts';
import type { ModelMetadata, TensorMetadata } from '../../shared/protocol.ts';
import type { RepositoryIndex } from '../../shared/protocolExtensions.ts';
import type { Models } from '../models/models.ts';
import { type ServedGraph, type ServedTensor, servedNames, versionsOf } from './served.ts';

/** Triton's name for ONNX on onnxruntime. */
const PLATFORM = 'onnxruntime_onnx';

/** Describes the inputs and outputs of a graph. */
export async function modelMetadata(models: Models, served: ServedGraph): Promise<ModelMetadata> {
  const { name } = served;
  const versions = await versionsOf(models, served);
  const [inputs, outputs] = [served.inputs.map(tensorMetadata), served.outputs.map(tensorMetadata)];
  return { name, versions, platform: PLATFORM, inputs, outputs };
}

/**
 * Lists every graph of every version, under each of its names; of each model, the version that answers first.
 * @param onlyReady True to leave out graphs that cannot be run.
 */
export async function repositoryIndex(models: Models, onlyReady: boolean): Promise<RepositoryIndex> {
  const index = (await models.list()).flatMap((manifest) =>
    servedNames(manifest).map(([name, graph]) => {
      const { version } = manifest;
      const reason = models.faultOf(manifest, graph);
      if (reason === undefined) return { name, version, state: 'READY' as const, reason: '' };
      return { name, version, state: 'UNAVAILABLE' as const, reason };
    }),
  );
  return onlyReady ? index.filter(({ state }) => state === 'READY') : index;
}

function tensorMetadata({ name, datatype, shape }: ServedTensor): TensorMetadata {
  return { name, datatype, shape: wildcards(shape) };
}

/** Returns a shape with -1 for symbolic dimensions, which each request chooses. */
export function wildcards(shape: TensorSpec['shape']): number[] {
  return shape.map((size) => (typeof size === 'number' ? size : -1));
}
