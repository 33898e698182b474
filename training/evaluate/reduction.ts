/** Projection of codes to two and three dimensions, for plots. */
import type { Matrix } from '../../shared/tensor.ts';
import { fitPca, type Pca, pcaCode } from '../estimators/pca.ts';
import type { Value } from '../graph/types.ts';
import type { Reduction } from '../models/model.ts';

/**
 * Fits a projection to the first two principal components of the codes and, for codes of at least three
 * dimensions, to the first three. A code with exactly that many dimensions is left unchanged. Undefined for
 * codes of one dimension.
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

/** The same PCA with only its first `kept` components. */
function first({ components, count, ...pca }: Pca, kept: number): Pca {
  return { ...pca, components: components.filter((_, i) => i % count < kept), count: kept };
}
