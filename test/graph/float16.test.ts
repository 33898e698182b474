import { describe, expect, it } from 'vitest';
import { random } from '../../shared/random.ts';
import { float16Bits } from '../../training/graph/float16.ts';
import { toOnnx } from '../../training/graph/onnx.ts';
import { tanh } from '../../training/graph/ops/activations.ts';
import { add, mul } from '../../training/graph/ops/arithmetic.ts';
import { gather } from '../../training/graph/ops/gather.ts';
import { gemm } from '../../training/graph/ops/gemm.ts';
import { ModelProto } from '../../training/graph/schema.ts';
import { input, int64s, variable } from '../../training/graph/value.ts';
import { openNative, openWasm } from '../../training/inference.ts';

/** IEEE 754 binary16 to a number, by the definition. */
function decode(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

describe('float16Bits', () => {
  it('gives every float16 back', () => {
    const halves = Array.from({ length: 0x10000 }, (_, half) => half).filter(
      (half) => !Number.isNaN(decode(half)),
    );
    expect(halves.filter((half) => float16Bits(decode(half)) !== half)).toEqual([]);
    expect(decode(float16Bits(Number.NaN))).toBeNaN();
  });

  it('rounds to the nearest, ties to even', () => {
    const wrong = Array.from({ length: 0x7bff }, (_, half) => half).filter((half) => {
      const [below, above] = [decode(half), decode(half + 1)];
      const between = [0.5, 0.49, 0.51].map((share) => float16Bits(-(below + (above - below) * share)));
      return between.join() !== [half + (half % 2), half, half + 1].map((bits) => bits | 0x8000).join();
    });
    expect(wrong).toEqual([]);
    expect([65519, 65520, 1e9].map(float16Bits)).toEqual([0x7bff, 0x7c00, 0x7c00]);
  });
});

describe('a graph with float16 weights', () => {
  const source = random(3, 'float16');
  const numbers = (count: number) => Float32Array.from({ length: count }, () => source.uniform() - 0.5);
  const matrix = (name: string, rows: number, columns: number) =>
    variable(name, [rows, columns], numbers(rows * columns));
  const rows = input('rows', ['N', 7]);
  const table = matrix('table', 9, 7);
  const small = matrix('small', 7, 5);
  const bias = variable('bias', [5], numbers(5));
  // More than is cast at a time; 7 rows are no multiple of any piece.
  const large = matrix('large', 7, 200_000);
  const largeBias = variable('large_bias', [200_000], numbers(200_000));
  const transposed = matrix('transposed', 5, 7);
  const picked = add(rows, gather(table, int64s([8]), 0));

  it.each([
    ['a product', { y: tanh(gemm(rows, small, { bias })) }, [small, bias]],
    ['a transposed one', { y: gemm(rows, transposed, { transB: true }) }, [transposed]],
    ['a large one', { y: gemm(rows, large, { bias: largeBias }) }, [large, largeBias]],
    ['a large one without bias', { y: gemm(rows, large) }, [large]],
    ['a matrix of which rows are picked', { y: mul(picked, picked) }, [table]],
  ] as const)('computes with the rounded weights: %s', async (_, outputs, variables) => {
    const weights = new Map(variables.map(({ name, initial }) => [name, initial]));
    const rounded = new Map(
      variables.map(({ name, shape, initial }) => {
        return [name, shape.length === 1 ? initial : initial.map((value) => decode(float16Bits(value)))];
      }),
    );
    const narrow = toOnnx({ name: 'g', inputs: [rows], outputs, weights, weightType: 'float16' });
    const wide = toOnnx({ name: 'g', inputs: [rows], outputs, weights: rounded });
    const stored = variables.reduce((sum, { initial, shape }) => {
      return sum + initial.length * (shape.length === 1 ? 4 : 2);
    }, 0);
    expect(narrow.length).toBeLessThan(stored + 2000);
    const batch = { data: numbers(21), rowCount: 3, width: 7 };
    const model = await openNative(wide);
    const { y: expected } = await model.run(batch);
    await model.release();
    for (const open of [openNative, openWasm]) {
      const session = await open(narrow);
      const { y } = await session.run(batch);
      expect(y).toHaveLength(expected!.length);
      let difference = 0;
      for (let i = 0; i < y!.length; i++) difference = Math.max(difference, Math.abs(y![i]! - expected![i]!));
      expect(difference).toBeLessThan(1e-6);
      await session.release();
    }
  });

  it('says which weight is too large', () => {
    const weights = new Map([['small', small.initial.with(4, -70_000)]]);
    expect(() =>
      toOnnx({
        name: 'g',
        inputs: [rows],
        outputs: { y: gemm(rows, small) },
        weights,
        weightType: 'float16',
      }),
    ).toThrow(/weight 'small': .* up to 65504, received -70000; set weightType to float32/);
  });

  it('leaves constants and vectors as they are', () => {
    const weights = new Map([small, bias].map(({ name, initial }) => [name, initial] as const));
    const outputs = { y: gemm(rows, small, { bias }) };
    const model = ModelProto.decode(
      toOnnx({ name: 'g', inputs: [rows], outputs, weights, weightType: 'float16' }),
    );
    const types = model.graph!.initializer!.map(({ name, dataType }) => [name, dataType]);
    expect(types).toEqual([
      ['small', 10],
      ['bias', 1],
    ]);
  });
});
