/** The error of predicting the mean of every feature: what a model must at least be better than. */
import type { Manifest } from '../../../shared/manifest.ts';
import { isSparse } from '../../../shared/tensor.ts';
import { pickRows } from '../../../training/data/batches.ts';
import { partsOf } from '../../../training/data/split.ts';
import { featureStatistics } from '../../../training/data/statistics.ts';
import { resolveSettings } from '../../../training/settings.ts';
import type { PreparedRun } from '../../cli/training.ts';

/**
 * Returns the mean squared error over the test rows, in the units of `metrics.mse`. Undefined for models that
 * are not compared with PCA either: their reconstruction has another form than the rows.
 */
export function meanError(
  { recipe, data, settings }: Pick<PreparedRun, 'recipe' | 'data' | 'settings'>,
  { baselines }: Manifest,
  seed: number,
): number | undefined {
  const { rows } = data;
  if (baselines.pca?.mse === undefined || isSparse(rows)) return undefined;
  const { validationShare, testShare } = resolveSettings(recipe.variant, settings).training;
  const parts = partsOf(data, { validation: validationShare, test: testShare }, seed);
  const indices = parts.train;
  const { mean } = featureStatistics({ of: rows, indices, rowCount: indices.length, width: rows.width });
  const test = data.parts === undefined && data.test !== undefined ? data.test : pickRows(rows, parts.test);
  if (isSparse(test)) return undefined;
  let [sum, count] = [0, 0];
  test.data.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    sum += (value - mean[i % test.width]!) ** 2;
    count++;
  });
  return sum / count;
}
