import { expect, test } from 'vitest';
import type { FreezableGraph } from '../../../scripts/freeze/freezableGraphs.ts';
import { weigh } from '../../../scripts/freeze/weigh.ts';
import { ModelProto } from '../../../training/graph/schema.ts';
import { type HandMadeGraph, onnxModel } from '../../support/training/onnxModel.ts';

const [ROWS, WIDTH] = [30_000, 100];
const MATRIX = 4 * ROWS * WIDTH;

/** A graph of a matrix, as the project writes it: bytes that are read in place. */
function graphOf(inputs: HandMadeGraph['inputs'], nodes: HandMadeGraph['nodes']): FreezableGraph {
  const outputs = { out: ['N', WIDTH] } as const;
  const model = ModelProto.decode(onnxModel({ inputs, outputs, weights: {}, nodes }));
  const rawData = Buffer.from(Float32Array.from({ length: ROWS * WIDTH }, (_, i) => (i % 97) / 97).buffer);
  model.graph!.initializer!.push({ name: 'matrix', dataType: 1, dims: [ROWS, WIDTH], rawData });
  const tensors = (shapes: object) => Object.keys(shapes).map((name) => ({ name }));
  return {
    label: 'shop@1/graph',
    bytes: ModelProto.encode(model).finish(),
    spec: { inputs: tensors(inputs), outputs: tensors(outputs) },
  } as unknown as FreezableGraph;
}

/** Takes rows of the matrix. */
const taken = graphOf({ rows: ['N', ROWS] }, [
  ['ArgMax', ['rows'], ['index'], { axis: 1, keepdims: 0 }],
  ['Gather', ['matrix', 'index'], ['out'], { axis: 0 }],
]);
const multiplied = graphOf({ rows: ['N', ROWS] }, [['MatMul', ['rows', 'matrix'], ['out']]]);

const memoryOf = (...graphs: FreezableGraph[]) => weigh({ runtime: undefined, graphs });

test('a matrix takes its size, and as much again where a kernel rearranges it', async () => {
  const [one, two] = [await memoryOf(taken), await memoryOf(multiplied)];
  expect(one).toBeGreaterThan(MATRIX);
  expect(Math.round((two - one) / MATRIX)).toBe(1);
  // Without the fifth by which Emscripten has the memory grow.
  const both = await memoryOf(taken, multiplied);
  expect(both - two).toBeGreaterThan(0.95 * MATRIX);
  expect(both - two).toBeLessThan(1.05 * MATRIX);
});

test('a graph that onnxruntime-web refuses is named', async () => {
  const wrong = graphOf({ rows: ['N', WIDTH] }, [['NoSuchOperator', ['rows', 'matrix'], ['out']]]);
  await expect(memoryOf(wrong)).rejects.toThrow('shop@1/graph cannot be frozen:');
});
