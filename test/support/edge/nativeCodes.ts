import { graphSpec } from '../../../shared/manifest.ts';
import type { Tensors } from '../../../shared/tensor.ts';
import type { Artifact } from '../../../training/artifact/artifact.ts';
import { openNative } from '../../../training/engines/inference.ts';

/** The codes of rows as the API takes them, by onnxruntime-node: those that a Worker must answer with. */
export async function nativeCodes(
  { manifest, graphs }: Pick<Artifact, 'manifest' | 'graphs'>,
  rows: readonly (readonly (number | string | null)[])[],
): Promise<Float32Array> {
  const { inputs, outputs: answered } = graphSpec(manifest, 'encoder');
  const column = (at: number) => rows.map((row) => row[at]!);
  const tensors: Tensors = Object.fromEntries(
    inputs.map(({ name, dtype }, at) => {
      const values = column(at);
      return dtype === 'string'
        ? [name, { dtype, shape: [rows.length, 1], data: values.map(String) }]
        : [
            name,
            {
              dtype: 'float32',
              shape: [rows.length, 1],
              data: Float32Array.from(values, (value) => Number(value ?? Number.NaN)),
            },
          ];
    }),
  );
  const session = await openNative(graphs.encoder!);
  const outputs = await session.runTensors(tensors);
  await session.release();
  return outputs[answered[0]!.name]!.data as Float32Array;
}
