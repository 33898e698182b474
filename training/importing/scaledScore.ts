/** Anomaly scores of imported autoencoders of tables, whose columns have units of their own. */
import type { TensorSpec } from '../../shared/manifest.ts';
import type { Matrix } from '../../shared/tensor.ts';
import { outputBatches } from '../evaluate/outputs.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import { int64Proto, tensorProto, valueInfo } from '../graph/protobuf.ts';
import { ModelProto } from '../graph/schema.ts';
import { nodeOf } from './build.ts';

const BATCH = 1024;

/**
 * Adds the outputs `anomaly_score [N]` and `feature_anomaly_score [N, width]` to an autoencoder graph: the error of
 * each column divided by its mean over the rows, and the mean of these. A plain error is that of the columns with
 * the largest numbers, whatever the others do. A column without any error on the rows does not count.
 */
export async function withScaledScore(autoencoder: ExportedGraph, rows: Matrix): Promise<ExportedGraph> {
  const scales = await inverseErrors(autoencoder.model, rows);
  const { width } = rows;
  const proto = ModelProto.decode(autoencoder.model);
  const graph = proto.graph!;
  const shares = new Float32Array(width).fill(1 / width);
  graph.node!.push(
    nodeOf('Mul', ['feature_error', 'anomaly#scales'], 'feature_anomaly_score'),
    nodeOf('MatMul', ['feature_anomaly_score', 'anomaly#shares'], 'anomaly#column'),
    nodeOf('Reshape', ['anomaly#column', 'anomaly#shape'], 'anomaly_score'),
  );
  graph.initializer!.push(
    tensorProto('anomaly#scales', { dtype: 'float32', shape: [width], data: scales }),
    tensorProto('anomaly#shares', { dtype: 'float32', shape: [width, 1], data: shares }),
    int64Proto('anomaly#shape', [-1]),
  );
  const added: TensorSpec[] = [
    { name: 'anomaly_score', dtype: 'float32', shape: ['N'] },
    { name: 'feature_anomaly_score', dtype: 'float32', shape: ['N', width] },
  ];
  graph.output!.push(...added.map(({ name, dtype, shape }) => valueInfo(name, { dtype, shape })));
  return {
    ...autoencoder,
    model: ModelProto.encode(proto).finish(),
    outputs: [...autoencoder.outputs, ...added],
  };
}

/** 1 divided by the mean error of each column; 0 where there is none. */
async function inverseErrors(model: Uint8Array, rows: Matrix): Promise<Float32Array> {
  const sums = new Float64Array(rows.width);
  for await (const { outputs } of outputBatches(model, rows, BATCH))
    outputs.feature_error!.forEach((error, i) => {
      sums[i % rows.width]! += error;
    });
  return Float32Array.from(sums, (sum) => {
    const inverse = Math.fround(rows.rowCount / sum);
    return Number.isFinite(inverse) ? inverse : 0;
  });
}
