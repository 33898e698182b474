import { expect, it } from 'vitest';
import { encode } from '../../edge/operations/encode.ts';
import type { RunningModel } from '../../edge/requests/operation.ts';
import type { TensorSpec } from '../../shared/manifest.ts';
import { linearArtifact } from '../support/artifacts/linearArtifact.ts';

it('encode answers the numbers of codebook entries if they are asked for', async () => {
  const { manifest } = linearArtifact();
  const encoder = manifest.graphs.encoder!;
  const indices: TensorSpec = { name: 'indices', dtype: 'float32', shape: ['N', 3] };
  const model: RunningModel = {
    manifest: {
      ...manifest,
      graphs: { ...manifest.graphs, encoder: { ...encoder, outputs: [...encoder.outputs, indices] } },
    },
    run: async (_, __, outputs) => {
      expect(outputs).toEqual(['code', 'indices']);
      return {
        code: { dtype: 'float32', shape: [2, 2], data: Float32Array.of(0.5, 1, 1.5, 2) },
        indices: { dtype: 'float32', shape: [2, 3], data: Float32Array.of(7, 0, 65_535, 1, 2, 3) },
      } as never;
    },
  };
  const answer = await encode.run(model, {}, { include: 'indices' });
  const codes = [
    [0.5, 1],
    [1.5, 2],
  ];
  expect(answer.body()).toEqual({ codes, indices: [[7, 0, 65_535], [1, 2, 3]] }); // biome-ignore format: rows
});
