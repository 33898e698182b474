import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { exportGraphs } from '../../../training/artifact/exportGraphs.ts';
import { foldConstants } from '../../../training/artifact/foldConstants.ts';
import { openNative } from '../../../training/engines/inference.ts';
import { toOnnx } from '../../../training/graph/onnx.ts';
import { relu } from '../../../training/graph/ops/activations.ts';
import { add, mul } from '../../../training/graph/ops/arithmetic.ts';
import { exp } from '../../../training/graph/ops/exponentials.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import { transpose } from '../../../training/graph/ops/transpose.ts';
import { ModelProto } from '../../../training/graph/schema.ts';
import { variablesOf } from '../../../training/graph/traverse.ts';
import { constant, input, scalar, variable } from '../../../training/graph/value.ts';
import { convolutional } from '../../../training/models/convolutional.ts';
import type { Autoencoder } from '../../../training/models/model.ts';
import { undercomplete } from '../../../training/models/undercomplete.ts';
import { relativeError } from '../../support/training/evaluate.ts';

function graphOf(model: Uint8Array) {
  const { node, initializer } = ModelProto.decode(model).graph!;
  return { types: node!.map(({ opType }) => opType), initializers: initializer!.map(({ name }) => name) };
}

function numbers(count: number, stream: string, low = -1, high = 1): Float32Array<ArrayBuffer> {
  const source = random(3, stream);
  return Float32Array.from({ length: count }, () => low + (high - low) * source.uniform());
}

/** Weights as after some training: running statistics and scales differ from the initial ones. */
function trainedWeights(model: Autoencoder, features: number): Map<string, Float32Array> {
  const rows = input('rows', ['N', features]);
  return new Map(
    variablesOf([model.decode(model.encode(rows))]).map(({ name, initial }) => [
      name,
      /gamma|variance/.test(name) ? numbers(initial.length, name, 0.5, 2) : numbers(initial.length, name),
    ]),
  );
}

describe('foldConstants', () => {
  const x = input('x', ['N', 2]);
  const weight = variable('weight', [2, 2], Float32Array.of(1, 2, 3, 4));
  const weights = new Map([['weight', weight.initial]]);

  it('computes once what depends on no input, and leaves the rest unchanged', async () => {
    const scaled = mul(exp(scalar(0)), transpose(mul(weight, scalar(2)), [1, 0]));
    const y = relu(add(gemm(x, scaled), gemm(x, weight)));
    const folded = await foldConstants({ y, scaled, again: gemm(x, scaled) }, weights);
    const model = toOnnx({ name: 'g', inputs: [x], ...folded });
    expect(graphOf(model)).toEqual({
      types: ['Gemm', 'Gemm', 'Add', 'Relu', 'Gemm', 'Identity'],
      initializers: ['folded_0', 'weight'],
    });
    const { run, release } = await openNative(model);
    const answer = await run({ data: Float32Array.of(1, 1), rowCount: 1, width: 2 });
    await release();
    // 2 [[1, 3], [2, 4]] and [[1, 2], [3, 4]]: the sums of their columns are [6, 14] and [4, 6].
    expect(Object.entries(answer).map(([name, values]) => [name, [...values]])).toEqual([
      ['y', [10, 20]],
      ['scaled', [2, 6, 4, 8]],
      ['again', [6, 14]],
    ]);
  });

  it('changes nothing if there is nothing to fold', async () => {
    const outputs = { y: gemm(x, weight), x };
    expect(await foldConstants(outputs, weights)).toEqual({ outputs, weights });
  });

  it('distinguishes results of weights from results of constants', async () => {
    const ones = constant({ dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 1, 1, 1) });
    const folded = await foldConstants({ y: gemm(x, mul(weight, ones)), z: gemm(x, exp(ones)) }, weights);
    expect([...folded.weights.keys()]).toEqual(['weight', 'folded_0']);
    expect([...folded.weights.get('folded_0')!]).toEqual([1, 2, 3, 4]);
    const model = toOnnx({ name: 'g', inputs: [x], ...folded });
    expect(graphOf(model).initializers).toEqual(['constant_0', 'folded_0']);
  });
});

describe('batch normalisation leaves no trace in exported graphs', () => {
  const graphsOf = async (model: Autoencoder, features: number) => {
    const weights = trainedWeights(model, features);
    return { weights, graphs: await exportGraphs(model, features, weights) };
  };

  it.each([{}, { tiedWeights: true }])('of dense layers: $tiedWeights', async (settings) => {
    const config = { hidden: [5, 4], codeSize: 2, normalization: 'batch' as const, dropout: 0.5 };
    const model = undercomplete.build(undercomplete.config.parse({ ...config, ...settings }), 6, 1);
    const { graphs } = await graphsOf(model, 6);
    const stack = ['Gemm', 'Relu', 'Gemm', 'Relu', 'Gemm'];
    expect(graphOf(graphs.encoder.model).types).toEqual(stack);
    expect(graphOf(graphs.decoder.model).types).toEqual(stack);
    const { types, initializers } = graphOf(graphs.autoencoder.model);
    expect(types).toEqual([...stack, ...stack, 'Sub', 'Mul', 'ReduceMean']);
    expect(initializers.filter((name) => /gamma|beta|running/.test(name!))).toEqual([]);
  });

  it('of convolutions', async () => {
    const config = { filters: [3, 2], hidden: [7], codeSize: 2, normalization: 'batch' as const };
    const model = convolutional.build(convolutional.config.parse(config), 30, 1, [6, 5]);
    const { graphs } = await graphsOf(model, 30);
    const down = ['Reshape', 'Conv', 'Relu', 'Conv', 'Relu', 'Reshape', 'Gemm', 'Relu', 'Gemm'];
    expect(graphOf(graphs.encoder.model).types).toEqual(down);
    const up = ['ConvTranspose', 'Relu', 'ConvTranspose', 'Reshape'];
    expect(graphOf(graphs.decoder.model).types).toEqual(['Gemm', 'Relu', 'Gemm', 'Relu', 'Reshape', ...up]);
  });

  it('and follows its formula: gamma (x W - mean) / sqrt(variance + 1e-5) + beta', async () => {
    const config = { hidden: [3], codeSize: 2, normalization: 'batch' as const };
    const model = undercomplete.build(undercomplete.config.parse(config), 4, 1);
    const { weights, graphs } = await graphsOf(model, 4);
    const w = (name: string) => [...weights.get(`encoder/${name}`)!];
    const rows: Matrix = { data: numbers(12, 'rows'), rowCount: 3, width: 4 };
    const expected = [0, 1, 2].flatMap((r) => {
      const hidden = [0, 1, 2].map((unit) => {
        const sum = [0, 1, 2, 3].reduce(
          (total, i) => total + rows.data[r * 4 + i]! * w('dense_0/weight')[i * 3 + unit]!,
          0,
        );
        const centered = sum - w('dense_0/running_mean')[unit]!;
        const scale = w('dense_0/gamma')[unit]! / Math.sqrt(w('dense_0/running_variance')[unit]! + 1e-5);
        return Math.max(0, centered * scale + w('dense_0/beta')[unit]!);
      });
      return [0, 1].map((unit) =>
        hidden.reduce(
          (total, value, i) => total + value * w('dense_1/weight')[i * 2 + unit]!,
          w('dense_1/bias')[unit]!,
        ),
      );
    });
    const { run, release } = await openNative(graphs.encoder.model);
    const { code } = await run(rows);
    await release();
    expect(relativeError([...code!], expected)).toBeLessThan(1e-6);
  });
});
