/** The columns to blame, on tables in which one column of some rows was changed. */
import { describe, expect, it } from 'vitest';
import { rocAuc } from '../../../training/estimators/scores.ts';
import { outputsOf } from '../../../training/evaluate/outputs.ts';
import { anomaly } from '../../../training/recipes/anomaly.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { PLANTS, type Plant, plantedTable } from '../../support/data/planted.ts';
import { written } from '../../support/data/tables.ts';

async function judged(plant: Plant) {
  const { csv, planted } = plantedTable(plant);
  const path = written('rows.csv', csv);
  const data = await anomaly.data(path, { shares: { validation: 0.1, test: 0.3 }, seed: 1 });
  const settings = { ...anomaly.settings, ...anomaly.settingsFor!(data) };
  const { artifact } = await train({
    force: true, // trained too briefly to beat the mean
    name: 'planted',
    variant: 'denoising',
    data,
    settings,
    out: temporaryFolder(),
  });
  const { anomaly_score, feature_anomaly_score } = await outputsOf(
    artifact.graphs.autoencoder,
    data.preprocessing!,
  );
  const names = data.preprocessing!.columns.map(({ name }) => name);
  const top = Array.from(anomaly_score!, (_, row) => {
    const own = feature_anomaly_score!.subarray(row * names.length, (row + 1) * names.length);
    return names[own.indexOf(Math.max(...own))]!;
  });
  return { planted, names, top, scores: anomaly_score!, features: feature_anomaly_score! };
}

describe.each(PLANTS)('%s', (plant) => {
  it('is blamed on the column that was changed, and ordinary rows on no column in particular', async () => {
    const { planted, names, top, scores, features } = await judged(plant);
    const right = [...planted].filter(([row, column]) => top[row] === column).length;
    expect(right / planted.size).toBeGreaterThanOrEqual(0.9);

    const ordinary = top.filter((_, row) => !planted.has(row));
    for (const name of names) {
      const share = ordinary.filter((each) => each === name).length / ordinary.length;
      expect(share).toBeLessThan(3 / names.length);
    }
    // The score is divided among the columns.
    scores.forEach((score, row) => {
      const own = features.subarray(row * names.length, (row + 1) * names.length);
      expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(score, 3);
    });
    expect(
      rocAuc(
        scores,
        Array.from(top, (_, row) => Number(planted.has(row))),
      ),
    ).toBeGreaterThan(0.8);
  });
});
