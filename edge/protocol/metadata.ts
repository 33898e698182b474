/** Graphs as the protocol describes them. */
import type { TensorSpec } from '../../shared/manifest.ts';
import type { ModelMetadata, RepositoryIndex, TensorMetadata } from '../../shared/protocol.ts';
import type { Models } from '../models/models.ts';
import { DATATYPES } from './datatypes.ts';
import { type ServedGraph, servedNames, versionsOf } from './served.ts';

/** The platform's name for ONNX files on onnxruntime, as Triton has it. */
const PLATFORM = 'onnxruntime_onnx';

/** What a graph takes and answers. */
export async function modelMetadata(models: Models, served: ServedGraph): Promise<ModelMetadata> {
  const { name, spec } = served;
  const versions = await versionsOf(models, served);
  const [inputs, outputs] = [spec.inputs.map(tensorMetadata), spec.outputs.map(tensorMetadata)];
  return { name, versions, platform: PLATFORM, inputs, outputs };
}

/** Every graph of every version, by every name that it has. */
export async function repositoryIndex(models: Models): Promise<RepositoryIndex> {
  const manifests = await models.list();
  return manifests.flatMap((manifest) =>
    servedNames(manifest).map((name) => {
      return { name, version: manifest.version, state: 'READY' as const, reason: '' };
    }),
  );
}

function tensorMetadata({ name, dtype, shape }: TensorSpec): TensorMetadata {
  return { name, datatype: DATATYPES[dtype].name, shape: wildcards(shape) };
}

/** A shape with -1 for what each request chooses. */
export function wildcards(shape: TensorSpec['shape']): number[] {
  return shape.map((size) => (typeof size === 'number' ? size : -1));
}
