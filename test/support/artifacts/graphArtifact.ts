/** Artifacts like the linear one, but for graphs that are built with the project's own operators. */
import { createHash } from 'node:crypto';
import type { GraphName, GraphSpec, Manifest } from '../../../shared/manifest.ts';
import type { Artifact } from '../../../training/artifact/artifact.ts';
import { toOnnx } from '../../../training/graph/onnx.ts';
import type { DataType, Input, Value } from '../../../training/graph/types.ts';
import { linearArtifact } from './linearArtifact.ts';

interface Graph {
  readonly inputs: readonly Input[];
  readonly outputs: Readonly<Record<string, Value>>;
}

/** The linear artifact under another name, with some graphs and some of the manifest replaced. */
export function graphArtifact(
  name: string,
  replaced: { readonly [graph in GraphName]?: Graph },
  changes: (manifest: Manifest) => Partial<Manifest>,
): Artifact {
  const base = linearArtifact({ name });
  const graphs: Artifact['graphs'] & Record<string, Uint8Array | undefined> = { ...base.graphs };
  const specs: Manifest['graphs'] & Record<string, GraphSpec | undefined> = { ...base.manifest.graphs };
  for (const [graph, { inputs, outputs }] of Object.entries(replaced)) {
    const bytes = toOnnx({ name: graph, inputs, outputs });
    graphs[graph] = bytes;
    specs[graph] = {
      ...{
        file: `${graph}.onnx`,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
      },
      inputs: inputs.map((each) => tensorSpec(each.name, each)),
      outputs: Object.entries(outputs).map(([output, value]) => tensorSpec(output, value)),
    };
  }
  const manifest = { ...base.manifest, graphs: specs };
  return {
    directory: `artifacts/${name}`,
    manifest: { ...manifest, ...changes(manifest) },
    graphs,
  };
}

function tensorSpec(name: string, { dtype, shape }: Value): GraphSpec['inputs'][number] {
  return { name, dtype: dtype as DataType, shape: [...shape] };
}
