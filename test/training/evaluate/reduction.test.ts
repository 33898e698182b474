import { Matrix as DoubleMatrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { type Matrix, matrixOf, packRows, tensorOf, unpackRows } from '../../../shared/tensor.ts';
import { takeRows } from '../../../training/data/batches.ts';
import { openNative, openWasm } from '../../../training/engines/inference.ts';
import { fitReduction } from '../../../training/evaluate/reduction.ts';
import { toOnnx } from '../../../training/graph/onnx.ts';
import { input } from '../../../training/graph/value.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';

/** Codes far from 0, with correlated dimensions. */
function codesOf(width: number, rowCount = 90): Matrix {
  const source = random(width, 'codes');
  const rows = Array.from({ length: rowCount }, () => {
    const [a, b] = [source.uniform(), source.uniform()];
    return Array.from(
      { length: width },
      (_, i) => 20 + 3 * a * Math.sin(i + 1) - 2 * b * Math.cos(3 * i) + 0.3 * source.uniform(),
    );
  });
  return packRows(rows, width);
}

async function reduced(codes: Matrix, others: Matrix = codes): Promise<Record<string, Matrix>> {
  const code = input('code', ['N', codes.width]);
  const outputs = (await fitReduction(codes))!(code);
  const model = await openNative(toOnnx({ name: 'reduce', inputs: [code], outputs }));
  const answers = await model.run(others);
  await model.release();
  return Object.fromEntries(
    Object.entries(answers).map(([name, data]) => [
      name,
      { data, rowCount: others.rowCount, width: data.length / others.rowCount },
    ]),
  );
}

/** Principal components by singular value decomposition, in float64; each direction's largest value is positive. */
function components(codes: Matrix, count: number): number[][] {
  const centred = new DoubleMatrix(unpackRows(codes)).center('column');
  const { rightSingularVectors } = new SingularValueDecomposition(centred);
  const directions = Array.from({ length: count }, (_, c) => {
    const direction = rightSingularVectors.getColumn(c);
    const [largest] = direction.toSorted((a, b) => Math.abs(b) - Math.abs(a));
    return direction.map((value) => (largest! < 0 ? -value : value));
  });
  return centred.to2DArray().map((row) => directions.map((direction) => dot(row, direction)));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function expectClose(actual: Matrix, expected: readonly (readonly number[])[]): void {
  const flat = expected.flat();
  expect(actual.data).toHaveLength(flat.length);
  const furthest = flat.reduce((most, value, i) => Math.max(most, Math.abs(value - actual.data[i]!)), 0);
  expect(furthest).toBeLessThan(1e-4);
}

describe('the reduction of a code', () => {
  it.each([4, 7])('consists of the first principal components for %i dimensions', async (width) => {
    const codes = codesOf(width);
    const { coordinates_2d: plane, coordinates_3d: space } = await reduced(codes);
    expectClose(plane!, components(codes, 2));
    expectClose(space!, components(codes, 3));
  });

  it('is the code itself in three dimensions if it has 3', async () => {
    const codes = codesOf(3);
    const { coordinates_2d: plane, coordinates_3d: space } = await reduced(codes);
    expectClose(plane!, components(codes, 2));
    expect(space!.data).toEqual(codes.data);
  });

  it('is the code itself if it has 2 dimensions, with no third one', async () => {
    const codes = codesOf(2);
    const answers = await reduced(codes);
    expect(Object.keys(answers)).toEqual(['coordinates_2d']);
    expect(answers.coordinates_2d!.data).toEqual(codes.data);
  });

  it('does not exist for 1 dimension', async () => {
    expect(await fitReduction(codesOf(1))).toBeUndefined();
  });

  it('has signs that do not depend on the order of the rows', async () => {
    const codes = codesOf(5);
    const reversed = packRows(unpackRows(codes).reverse(), 5);
    const [one, other] = [await reduced(codes), await reduced(reversed, codes)];
    expectClose(other.coordinates_3d!, unpackRows(one.coordinates_3d!));
  });

  it('is finite for codes that are all equal', async () => {
    const codes = packRows(Array(20).fill([1, 2, 3, 4]), 4);
    const { coordinates_3d: space } = await reduced(codes);
    expect(space!.data).toEqual(new Float32Array(60));
  });
});

describe('reduce.onnx', () => {
  const run = async (codeSize: number) => {
    const settings = { hidden: [8], codeSize, epochs: 1, batchSize: 32 };
    return train({ force: true, name: 'reduced', data: curve(200), settings, out: temporaryFolder() });
  };

  it('declares its inputs and outputs, and is centred on the codes of the training rows', async () => {
    const { artifact, split } = await run(4);
    const { manifest, graphs } = artifact;
    expect(manifest.operations).toContain('reduce');
    expect(manifest.graphs.reduce).toMatchObject({
      inputs: [{ name: 'code', dtype: 'float32', shape: ['N', 4] }],
      outputs: [
        { name: 'coordinates_2d', dtype: 'float32', shape: ['N', 2] },
        { name: 'coordinates_3d', dtype: 'float32', shape: ['N', 3] },
      ],
    });
    const { of, indices } = split.train;
    const rows = takeRows(of, indices);
    const [encoder, reduce] = [await openWasm(graphs.encoder), await openWasm(graphs.reduce!)];
    const { code } = await encoder.runTensors({ rows: tensorOf(rows) });
    const { coordinates_3d: space } = await reduce.runTensors({ code: code! });
    for (const each of [encoder, reduce]) await each.release();
    expectClose(matrixOf(space!), components(matrixOf(code!), 3));
  });

  it('does not exist for codes of one dimension', async () => {
    const { manifest } = (await run(1)).artifact;
    expect(manifest.graphs.reduce).toBeUndefined();
    expect(manifest.operations).not.toContain('reduce');
  });
});
