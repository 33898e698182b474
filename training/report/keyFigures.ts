/** The three numbers that matter: how large the error is, whether the model is worth it, and whether it knows its data. */
import type { Manifest } from '../../shared/manifest.ts';
import type { Evaluation } from './evaluation.ts';
import { count, figure, percent } from './format.ts';

export interface KeyFigure {
  readonly name: string;
  readonly value: string;
  /** What it says, in a sentence. */
  readonly meaning: string;
}

export function keyFigures(manifest: Manifest, { specificity }: Evaluation): readonly KeyFigure[] {
  const { metrics, data } = manifest;
  const { shuffled, noise } = specificity;
  return [
    {
      name: 'error on test rows',
      value: figure(metrics.mse!),
      meaning: `mean squared error per value, over ${count(data.rows.test)} rows that training did not see`,
    },
    comparison(manifest),
    {
      name: 'specificity',
      value: percent(shuffled.auroc),
      meaning: `chance that a row with shuffled columns has a larger error than a test row; ${percent(noise.auroc)} for noise, 50 % would be blind`,
    },
  ];
}

/** PCA is the baseline that an autoencoder has to beat; where it does not apply, the network before training. */
function comparison({ metrics, baselines, codeSize }: Manifest): KeyFigure {
  const [against, error] =
    baselines.pca === undefined
      ? ['the untrained network', baselines.untrained!.mse!]
      : [`PCA with ${codeSize} components`, baselines.pca.mse!];
  const ratio = metrics.mse! / error;
  return {
    name: baselines.pca === undefined ? 'against the start' : 'against PCA',
    value: ratio <= 1 ? `${percent(1 - ratio)} less` : `${figure(ratio)} times`,
    meaning:
      ratio <= 1
        ? `error than ${against}, whose error is ${figure(error)}`
        : `the error of ${against}, which is ${figure(error)}: an autoencoder is not needed here`,
  };
}
