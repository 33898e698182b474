import { Matrix as DoubleMatrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { openNative } from '../../../training/engines/inference.ts';
import { fitSvd } from '../../../training/estimators/pca.ts';
import { similarityPreserving } from '../../../training/models/similarityPreserving.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder, topics } from '../../support/data/data.ts';

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
