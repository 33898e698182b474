/** Configurations of graphs, in the form of Triton. */
import type { ModelConfig } from '../../shared/protocolExtensions.ts';
import { maxRowsOf } from '../requests/rowLimit.ts';
import type { Limits } from '../settings.ts';
import { wildcards } from './metadata.ts';
import type { ServedGraph, ServedTensor } from './served.ts';

type ConfigTensor = ModelConfig['input'][number];

/** Returns what clients such as perf_analyzer read to make requests for a graph. */
export function modelConfig({ name, inputs, outputs, manifest }: ServedGraph, limits: Limits): ModelConfig {
  const isBatched = [...inputs, ...outputs].every(({ shape }) => shape[0] === 'N');
  const described = (tensor: ServedTensor) => configTensor(tensor, isBatched);
  return {
    ...{ name, platform: 'onnxruntime_onnx', backend: 'onnxruntime' },
    max_batch_size: isBatched ? maxRowsOf(manifest, limits) : 0,
    input: inputs.map(described),
    output: outputs.map(described),
    model_transaction_policy: { decoupled: false },
  };
}

function configTensor({ name, datatype, shape }: ServedTensor, isBatched: boolean): ConfigTensor {
  const dims = wildcards(isBatched ? shape.slice(1) : shape);
  // Triton's configurations call bytes a string.
  const described = {
    name,
    data_type: datatype === 'BYTES' ? ('TYPE_STRING' as const) : (`TYPE_${datatype}` as const),
  };
  // Triton has no tensor without dimensions.
  return dims.length > 0 ? { ...described, dims } : { ...described, dims: [1], reshape: { shape: [] } };
}
