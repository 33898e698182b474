/** Baselines of compressed vectors: linear projections that need no training, or one decomposition. */
import { random } from '../../../shared/random.ts';
import type { AnyRows } from '../../data/batches.ts';
import { fitPca, fitSvd, pcaCode } from '../../estimators/pca.ts';
import { gemm } from '../../graph/ops/gemm.ts';
import { pad } from '../../graph/ops/pad.ts';
import type { Value } from '../../graph/types.ts';
import { constant } from '../../graph/value.ts';

/** Maps rows `[N, width]` to `[N, count]`, of which fewer leading values are the same projection to fewer dimensions. */
type Projection = (rows: Value) => Value;

type FitProjection = (rows: AnyRows, count: number, seed: number) => Promise<Projection>;

const randomProjection: FitProjection = async ({ width }, count, seed) => {
  const source = random(seed, 'random-projection');
  // Box-Muller; 1 - u is never 0. The scale does not matter to cosines.
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - source.uniform())) * Math.cos(2 * Math.PI * source.uniform());
  const data = Float32Array.from({ length: width * count }, normal);
  return (rows) => gemm(rows, constant({ dtype: 'float32', shape: [width, count], data }));
};

/** Projections by name, fitted to the training rows. */
export const PROJECTIONS = {
  pca: async (rows, count) => {
    const pca = await fitPca(rows, count);
    return (own) => pcaCode(pca, own);
  },
  svd: async (rows, count) => {
    const svd = await fitSvd(rows, count);
    return (own) => pcaCode(svd, own);
  },
  truncation:
    async ({ width }, count) =>
    (rows) =>
      pad(rows, [0, 0, 0, count - width]),
  'random-projection': randomProjection,
} as const satisfies Record<string, FitProjection>;
