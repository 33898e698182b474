import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { toOnnx } from '../../../training/graph/onnx.ts';
import { relu } from '../../../training/graph/ops/activations.ts';
import { add, mul } from '../../../training/graph/ops/arithmetic.ts';
import { expand, reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import { lookUp, translate } from '../../../training/graph/ops/labelEncoder.ts';
import { oneHotOfStrings } from '../../../training/graph/ops/oneHotEncoder.ts';
import { squeeze } from '../../../training/graph/ops/squeeze.ts';
import { ModelProto } from '../../../training/graph/schema.ts';
import { GraphError, input, scalar, variable } from '../../../training/graph/value.ts';

const weight = variable('layer/weight', [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6));
const rows = input('rows', ['N', 3]);
const code = relu(gemm(rows, weight));

describe('toOnnx', () => {
  it('writes variables as inputs while training and as initializers once exported', async () => {
    const training = ModelProto.decode(toOnnx({ name: 'g', inputs: [rows], outputs: { code } }));
    expect(training.graph?.input?.map(({ name }) => name)).toEqual(['rows', 'layer/weight']);
    const weights = new Map([['layer/weight', Float32Array.of(1, 0, 0, 1, 0, 0)]]);
    const exported = ModelProto.decode(toOnnx({ name: 'g', inputs: [rows], outputs: { code }, weights }));
    expect(exported.graph?.input?.map(({ name }) => name)).toEqual(['rows']);
    expect(exported.graph?.initializer?.map(({ name }) => name)).toEqual(['layer/weight']);
    expect(exported.opsetImport?.map(({ version }) => Number(version))).toEqual([18]);
  });

  it('runs with any batch, since the batch is symbolic', async () => {
    const weights = new Map([['layer/weight', weight.initial]]);
    const session = await ort.InferenceSession.create(
      toOnnx({ name: 'g', inputs: [rows], outputs: { code }, weights }),
    );
    for (const n of [1, 5]) {
      const data = Float32Array.from({ length: n * 3 }, (_, i) => i - 4);
      const { code: result } = await session.run({ rows: new ort.Tensor('float32', data, [n, 3]) });
      const expected = Array.from({ length: n * 2 }, (_, i) => {
        const [r, c] = [Math.floor(i / 2), i % 2];
        const sum = [0, 1, 2].reduce((acc, k) => acc + data[r * 3 + k]! * weight.initial[k * 2 + c]!, 0);
        return Math.max(0, sum);
      });
      expect([...(result!.data as Float32Array)]).toEqual(expected);
    }
    await session.release();
  });

  it('gives the same bytes for the same graph', () => {
    const once = toOnnx({ name: 'g', inputs: [rows], outputs: { code } });
    expect(toOnnx({ name: 'g', inputs: [rows], outputs: { code } })).toEqual(once);
  });

  it('has inputs, constants and one value under two names as outputs', async () => {
    const model = toOnnx({
      name: 'g',
      inputs: [rows],
      outputs: { same: rows, one: scalar(1), a: code, b: code },
      weights: new Map([['layer/weight', weight.initial]]),
    });
    const session = await ort.InferenceSession.create(model);
    const result = await session.run({ rows: new ort.Tensor('float32', Float32Array.of(1, 1, 1), [1, 3]) });
    expect(
      Object.fromEntries(Object.entries(result).map(([k, v]) => [k, [...(v.data as Float32Array)]])),
    ).toEqual({
      same: [1, 1, 1],
      one: [1],
      a: [9, 12],
      b: [9, 12],
    });
    await session.release();
  });

  it('imports the operators of ai.onnx.ml where there are any', () => {
    const wind = input('wind', ['N', 1], 'string');
    const known = translate(wind, ['', 'NE'], ['NE', 'NE'], 'other');
    const outputs = {
      speed: lookUp(known, ['NE'], [0.5], 2),
      direction: oneHotOfStrings(known, ['NE'], 'error'),
    };
    const { graph, opsetImport } = ModelProto.decode(toOnnx({ name: 'g', inputs: [wind], outputs }));
    expect(opsetImport?.map(({ domain, version }) => [domain, Number(version)])).toEqual([
      ['', 18],
      ['ai.onnx.ml', 3],
    ]);
    expect(graph?.node?.map(({ opType, domain }) => [opType, domain])).toEqual([
      ['LabelEncoder', 'ai.onnx.ml'],
      ['LabelEncoder', 'ai.onnx.ml'],
      ['OneHotEncoder', 'ai.onnx.ml'],
      ['Squeeze', ''],
    ]);
  });

  it('rejects an input that is not listed, a missing weight and a name used twice', () => {
    expect(() => toOnnx({ name: 'g', inputs: [], outputs: { code } })).toThrow(
      "g: 'rows' float32[N, 3] is used but is not among the graph's inputs",
    );
    expect(() => toOnnx({ name: 'g', inputs: [rows], outputs: { code }, weights: new Map() })).toThrow(
      "g: no weights for variable 'layer/weight'",
    );
    const twin = input('rows', ['N', 3]);
    expect(() => toOnnx({ name: 'g', inputs: [rows, twin], outputs: { sum: add(rows, twin) } })).toThrow(
      "two values are called 'rows'",
    );
  });
});

describe('shape errors name the operator, the values and their shapes', () => {
  const a = input('a', ['N', 4]);
  const cases: [string, () => unknown, string][] = [
    [
      'inner dimensions',
      () => gemm(a, weight),
      "Gemm: inner dimensions 4 and 3 differ: received 'a' float32[N, 4] and 'layer/weight' float32[3, 2]",
    ],
    [
      'broadcasting',
      () => add(code, a),
      "Add: shapes do not broadcast: received 'Relu(Gemm(rows, layer/weight))' float32[N, 2] and 'a' float32[N, 4]",
    ],
    [
      'another symbol',
      () => mul(rows, input('other', ['M', 3])),
      "Mul: shapes do not broadcast: received 'rows' float32[N, 3] and 'other' float32[M, 3]",
    ],
    ['a bias', () => gemm(rows, weight, { bias: a }), 'Gemm: shapes do not broadcast'],
    [
      'a matrix',
      () => gemm(rows, input('v', [3])),
      "Gemm: needs two matrices: received 'rows' float32[N, 3] and 'v' float32[3]",
    ],
    ['an axis', () => reduceSum(a, [2]), "ReduceSum: axis 2 is outside rank 2: received 'a' float32[N, 4]"],
    ['a repetition', () => expand(a, rows), "Expand: cannot expand to [N, 3]: received 'a' float32[N, 4]"],
    ['a squeeze', () => squeeze(a, [1]), "Squeeze: axes 1 are not all 1: received 'a' float32[N, 4]"],
    [
      'an int64',
      () => add(input('i', [2], 'int64'), scalar(1)),
      "Add: needs float32 values: received 'i' int64[2] and 'constant' float32[]",
    ],
    [
      'a string',
      () => squeeze(input('s', ['N', 1], 'string'), [1]),
      "Squeeze: needs numbers: encode strings as numbers first: received 's' string[N, 1]",
    ],
    [
      'no string',
      () => translate(rows, [], [], ''),
      "LabelEncoder: needs strings: received 'rows' float32[N, 3]",
    ],
    [
      'initial values',
      () => variable('w', [2, 2], new Float32Array(3)),
      "variable 'w': shape [2, 2] holds 4 values, received 3",
    ],
  ];
  it.each(cases)('%s', (_, build, message) => {
    expect(build).toThrow(GraphError);
    expect(build).toThrow(message);
  });
});
