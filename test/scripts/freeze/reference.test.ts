import { expect, it } from 'vitest';
import type { FreezableGraph } from '../../../scripts/freeze/freezableGraphs.ts';
import { refer } from '../../../scripts/freeze/reference.ts';
import { GateError } from '../../../shared/errors.ts';
import { sha256 } from '../../../training/artifact/artifact.ts';
import { exportGraph } from '../../../training/artifact/exportGraphs.ts';
import { add, mul, sub } from '../../../training/graph/ops/arithmetic.ts';
import { gather } from '../../../training/graph/ops/gather.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import type { Value } from '../../../training/graph/types.ts';
import { constant, input, scalar } from '../../../training/graph/value.ts';
import { errorsOf } from '../../../training/models/errors.ts';

const FEATURES = 400;
const WORKLOAD = { batchSizes: [64], errors: false };

const matrix = (shape: number[], value: (i: number) => number) =>
  constant({ dtype: 'float32', shape, data: Float32Array.from({ length: FEATURES }, (_, i) => value(i)) });

/** The errors of a target and its reconstruction, which are made of rows of `FEATURES` numbers up to 1. */
async function errorsGraph(
  made: (rows: Value) => { target: Value; reconstruction: Value },
): Promise<FreezableGraph> {
  const rows = input('rows', ['N', FEATURES]);
  const { target, reconstruction } = made(rows);
  const { rowError, featureError } = errorsOf(reconstruction, target, {});
  const graph = await exportGraph({
    name: 'autoencoder',
    inputs: [rows],
    outputs: { error: rowError, feature_error: featureError },
  });
  const hash = sha256(graph.model);
  return {
    ...{ model: 'far@1', label: 'far@1/autoencoder', sha256: hash, bytes: graph.model },
    spec: { ...graph, file: 'autoencoder.onnx', sha256: hash } as unknown as FreezableGraph['spec'],
    ...{ texts: [], items: 0, maxRows: 64 },
  };
}

it('accepts errors that are small differences of large numbers', async () => {
  const average = matrix([FEATURES, 1], () => 1 / FEATURES);
  const everywhere = matrix([1, FEATURES], () => 1);
  const graph = await errorsGraph((rows) => {
    const level = gemm(
      gemm(
        rows,
        matrix([FEATURES, 1], () => 500),
      ),
      everywhere,
    );
    const target = add(rows, level);
    return { target, reconstruction: gemm(gemm(target, average), everywhere) };
  });
  const [reference] = await refer({ runtime: undefined, graphs: [graph], workload: WORKLOAD });
  expect(reference).toHaveProperty('answers');
});

it('refuses errors of reconstructions that differ by more than rounding', async () => {
  const order = Array.from({ length: FEATURES }, (_, i) => FEATURES - 1 - i);
  const weight = (i: number) => 1 / (3 + i);
  const graph = await errorsGraph((rows) => {
    // Two sums of the same numbers in opposite orders: what is left is rounding, which runtimes differ in.
    const reversed = gather(
      rows,
      constant({ dtype: 'int64', shape: [FEATURES], data: BigInt64Array.from(order, BigInt) }),
      1,
    );
    const nothing = sub(
      gemm(rows, matrix([FEATURES, 1], weight)),
      gemm(
        reversed,
        matrix([FEATURES, 1], (i) => weight(order[i]!)),
      ),
    );
    return {
      target: rows,
      reconstruction: gemm(
        mul(nothing, scalar(1e4)),
        matrix([1, FEATURES], () => 1),
      ),
    };
  });
  const referring = refer({ runtime: undefined, graphs: [graph], workload: WORKLOAD });
  await expect(referring).rejects.toThrow(GateError);
  await expect(referring).rejects.toThrow(
    /^far@1\/autoencoder: '(feature_)?error' differs from onnxruntime-node by/,
  );
});
