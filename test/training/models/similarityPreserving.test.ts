import { Matrix as DoubleMatrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { openNative } from '../../../training/engines/inference.ts';
import { fitSvd } from '../../../training/estimators/pca.ts';
import { inputsOf } from '../../../training/graph/traverse.ts';
import type { Input, Tensor } from '../../../training/graph/types.ts';
import { input } from '../../../training/graph/value.ts';
import { trainingContext } from '../../../training/layers/layer.ts';
import { similarityPreserving } from '../../../training/models/similarityPreserving.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder, topics } from '../../support/data/data.ts';
import { initialWeights, inOnnxruntime } from '../../support/training/evaluate.ts';

const SETTINGS = { codeSize: 8, batchSize: 128, epochs: 30, learningRate: 0.01, schedule: 'cosine' } as const;

describe('vectors of topics', () => {
  it.each([0, 64])(
    'keep more neighbours than by any projection, with a residual of %i',
    async (residualSize) => {
      const { artifact } = await train({
        name: 'topics',
        variant: 'similarity-preserving',
        data: topics(1500),
        settings: { ...SETTINGS, residualSize, prefixes: [4] },
        out: temporaryFolder(),
      });
      const { metrics, baselines, codeSize } = artifact.manifest;
      expect(codeSize).toBe(8);
      for (const name of ['pca', 'svd', 'truncation', 'random-projection']) {
        expect(metrics['recall@10']).toBeGreaterThan(baselines[name]!['recall@10']! + 0.02);
        expect(metrics['recall@10-dim4']).toBeGreaterThan(baselines[name]!['recall@10-dim4']! + 0.02);
      }
      expect(metrics['recall@10-int8']).toBeGreaterThan(metrics['recall@10']! - 0.01);
      const encoder = await openNative(artifact.graphs.encoder);
      const [row] = [topics(1).rows];
      const [once, twice] = [
        await encoder.run(row),
        await encoder.run({ ...row, data: row.data.map((x) => 2 * x) }),
      ];
      await encoder.release();
      twice.code!.forEach((value, i) => {
        expect(value).toBeCloseTo(2 * once.code![i]!, 4);
      });
    },
  );
});

it('starts from the singular vectors of the rows', async () => {
  const { rows } = topics(200);
  const config = similarityPreserving.config.parse({ codeSize: 3 });
  const weights = await similarityPreserving.start!(config, rows, {
    singularVectors: async (given, count) => (await fitSvd(given, count)).components,
  });
  const expected = new SingularValueDecomposition(
    DoubleMatrix.from1DArray(rows.rowCount, rows.width, Array.from(rows.data)),
  ).rightSingularVectors;
  const [encoder, decoder] = ['encoder/projection', 'decoder/projection'].map((name) => weights!.get(name)!);
  for (let unit = 0; unit < 3; unit++) {
    const own = Array.from({ length: rows.width }, (_, feature) => encoder![feature * 3 + unit]!);
    const cosine = own.reduce((sum, value, feature) => sum + value * expected.get(feature, unit), 0);
    expect(Math.abs(cosine)).toBeCloseTo(1, 4);
    expect([...decoder!.subarray(unit * rows.width, (unit + 1) * rows.width)]).toEqual(own);
  }
});

describe('a training step with prefixes', () => {
  const [COUNT, WIDTH, CODE] = [7, 8, 6];
  const config = similarityPreserving.config.parse({ codeSize: CODE, residualSize: 0, prefixes: [2, 4] });
  const model = similarityPreserving.build(config, WIDTH, 1);
  const rows = input('rows', ['N', WIDTH]);
  const { regularisationLoss, code } = model.step(rows, trainingContext());
  const drawn = inputsOf([regularisationLoss]).find((each) => each !== rows)!;
  const source = random(5, 'rows');
  const data = Float32Array.from({ length: COUNT * WIDTH }, () => source.uniform() - 0.5);

  /** Probabilities with which each row picks each other one, by loops. */
  const neighbours = (values: ArrayLike<number>, stride: number, width: number) =>
    Array.from({ length: COUNT }, (_, i) => {
      const at = (row: number) => Array.from({ length: width }, (__, j) => values[row * stride + j]!);
      const cosine = (row: number) => {
        const [a, b] = [at(i), at(row)];
        return a.reduce((sum, each, j) => sum + each * b[j]!, 0) / Math.hypot(...a) / Math.hypot(...b);
      };
      const weights = Array.from({ length: COUNT }, (__, row) =>
        row === i ? 0 : Math.exp(cosine(row) / config.temperature),
      );
      const sum = weights.reduce((total, each) => total + each, 0);
      return weights.map((each) => each / sum);
    });

  it.each([
    [0, 2],
    [0.49, 2],
    [0.5, 4],
    [0.999, 4],
  ])('weighs the whole code and the prefix that %d draws, of %i values', async (uniform, prefix) => {
    const feeds = new Map<Input, Tensor>([
      [rows, { dtype: 'float32', shape: [COUNT, WIDTH], data }],
      [drawn, { dtype: 'float32', shape: [1], data: Float32Array.of(uniform) }],
    ]);
    const [found, codes] = await inOnnxruntime(
      [regularisationLoss, code],
      feeds,
      initialWeights([regularisationLoss, code]),
    );
    const target = neighbours(data, WIDTH, WIDTH);
    const divergence = (width: number) => {
      const own = neighbours(codes!, CODE, width);
      const terms = target.flatMap((row, i) =>
        row.map((p, j) => (i === j ? 0 : p * Math.log(p / own[i]![j]!))),
      );
      return terms.reduce((sum, each) => sum + each, 0) / COUNT;
    };
    const mean = (0.4 * Math.sqrt(divergence(CODE)) + 0.6 * Math.sqrt(divergence(prefix))) ** 2;
    expect(found![0]! / (config.neighbourWeight * mean)).toBeCloseTo(1, 4);
  });
});

it('refuses codes wider than rows, and prefixes as wide as the code', () => {
  const build = (settings: object) =>
    similarityPreserving.build(similarityPreserving.config.parse(settings), 6, 1);
  expect(() => build({ codeSize: 7 })).toThrow(
    /'codeSize': expected at most the 6 values of a row, received 7/,
  );
  expect(() => build({ codeSize: 4, prefixes: [2, 4] })).toThrow(
    /'prefixes': expected numbers below codeSize \(4\), received 4/,
  );
});
