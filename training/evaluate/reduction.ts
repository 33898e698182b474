/** Codes in two and in three dimensions, to be looked at. */
import type { Matrix } from '../../shared/tensor.ts';
import { fitPca, type Pca, pcaCode } from '../estimators/pca.ts';
import type { Value } from '../graph/types.ts';
import type { Reduction } from '../models/model.ts';

/**
 * The first principal components of the given codes, in both numbers that they are wide enough for; the code itself where
 * it is as wide. None for codes of one number.
 */
export async function fitReduction(codes: Matrix): Promise<Reduction | undefined> {
  const { width } = codes;
  if (width < 2) return undefined;
  const pca = await fitPca(codes, 3);
  const to = (code: Value, count: number) => (width === count ? code : pcaCode(first(pca, count), code));
  return (code) => ({
    coordinates_2d: to(code, 2),
    ...(width > 2 && { coordinates_3d: to(code, 3) }),
  });
}

/** The same with fewer components. */
function first({ components, count, ...pca }: Pca, kept: number): Pca {
  return { ...pca, components: components.filter((_, i) => i % count < kept), count: kept };
}
