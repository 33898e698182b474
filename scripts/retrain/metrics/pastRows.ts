/** The champion's own held-out rows, where its data can still be read. */
import { InputError } from '../../../shared/errors.ts';
import { splitSeedOf } from '../../../shared/splitSeed.ts';
import { fingerprint } from '../../../training/data/dataset.ts';
import { judgedBy } from '../../../training/evaluate/metrics/judging.ts';
import { rowScores } from '../../../training/evaluate/metrics/reconstruction.ts';
import { TrainingConfig } from '../../../training/settings.ts';
import { evaluationData } from '../../cli/evaluationData.ts';
import { type ComparedVersion, heldOutRows, rowsFor } from './heldOut.ts';

export interface Flagged {
  readonly rows: number;
  /** Share of the rows that each version flags by its own threshold. */
  readonly champion: number;
  readonly challenger: number;
}

const Division = TrainingConfig.pick({ validationShare: true, testShare: true });

/**
 * Judges the champion's held-out rows by both versions. Returns the reason as text if they are gone: no row is
 * kept with a model.
 */
export async function flaggedRows(
  champion: ComparedVersion,
  challenger: ComparedVersion,
): Promise<Flagged | string> {
  const { manifest } = champion;
  if (champion.graphs.recommend !== undefined) return 'the scores of a recommender flag nothing';
  try {
    const data = await evaluationData(manifest);
    if (fingerprint(data) !== manifest.data.fingerprint)
      return `${manifest.data.source} no longer holds the rows that the champion was trained on`;
    const { validationShare, testShare } = recipeShares(manifest.recipe.config);
    const shares = { validation: validationShare, test: testShare };
    const heldOut = heldOutRows(data, shares, splitSeedOf(manifest));
    const shareOf = async ({ manifest: own, graphs }: ComparedVersion) => {
      const { threshold } = judgedBy(own);
      const scores = await rowScores(graphs.autoencoder, rowsFor(heldOut, own));
      return scores.filter((score) => score > threshold).length / scores.length;
    };
    return {
      rows: heldOut.test.rowCount,
      champion: await shareOf(champion),
      challenger: await shareOf(challenger),
    };
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

function recipeShares({ validationShare, testShare }: Readonly<Record<string, unknown>>) {
  return Division.parse({ validationShare, testShare });
}
