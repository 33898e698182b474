/** Baselines that detect anomalies better than the model: nobody should have to look for them in a table. */
import type { ManifestContent } from '../../shared/artifactVersion.ts';
import { MEMBERS } from '../scoring/registry.ts';

export interface BetterBaseline {
  /** Its name in the manifest. */
  readonly name: string;
  /** ROC AUC of the baseline and of the model, over the same rows. */
  readonly area: number;
  readonly own: number;
}

/**
 * Returns the baseline with the largest ROC AUC, if it is larger than the model's. Undefined without labels.
 * Members of the model's own score are no baselines.
 */
export function beatenBy({
  metrics,
  baselines,
}: Pick<ManifestContent, 'metrics' | 'baselines'>): BetterBaseline | undefined {
  const own = metrics['roc-auc'];
  if (own === undefined) return undefined;
  const better = Object.entries(baselines).flatMap(([name, { 'roc-auc': area }]) =>
    area !== undefined && area > own && !Object.hasOwn(MEMBERS, name) ? [{ name, area, own }] : [],
  );
  return better.sort((a, b) => b.area - a.area)[0];
}
