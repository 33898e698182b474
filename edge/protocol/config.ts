/** Configurations of graphs, in the form of Triton. */
import type { TensorSpec } from '../../shared/manifest.ts';
import type { ModelConfig } from '../../shared/protocolExtensions.ts';
import { maxRowsOf } from '../requests/rowLimit.ts';
import type { Limits } from '../settings.ts';
import { wildcards } from './metadata.ts';
import type { ServedGraph } from './served.ts';

type ConfigTensor = ModelConfig['input'][number];

const TYPES = {
  float32: 'TYPE_FP32',
  int64: 'TYPE_INT64',
  string: 'TYPE_STRING',
} as const satisfies Record<TensorSpec['dtype'], ConfigTensor['data_type']>;

/** Returns what clients such as perf_analyzer read to make requests for a graph. */
export function modelConfig({ name, spec, manifest }: ServedGraph, limits: Limits): ModelConfig {
  const { inputs, outputs } = spec;
  const isBatched = [...inputs, ...outputs].every(({ shape }) => shape[0] === 'N');
  const described = (tensor: TensorSpec) => configTensor(tensor, isBatched);
  return {
    ...{ name, platform: 'onnxruntime_onnx', backend: 'onnxruntime' },
    max_batch_size: isBatched ? maxRowsOf(manifest, limits) : 0,
    input: inputs.map(described),
    output: outputs.map(described),
    model_transaction_policy: { decoupled: false },
  };
}

function configTensor({ name, dtype, shape }: TensorSpec, isBatched: boolean): ConfigTensor {
  const dims = wildcards(isBatched ? shape.slice(1) : shape);
  const described = { name, data_type: TYPES[dtype] };
  // Triton has no tensor without dimensions.
  return dims.length > 0 ? { ...described, dims } : { ...described, dims: [1], reshape: { shape: [] } };
}
