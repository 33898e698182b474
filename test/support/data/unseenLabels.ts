/** The recipe `anomaly` on tables whose column `y` no model may learn from. */
import { expect } from 'vitest';
import { anomaly } from '../../../training/recipes/anomaly.ts';
import type { Settings } from '../../../training/settings.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder } from './data.ts';

/** Holds that the model is the same with the labels of a table, without them, and with the opposite ones. */
export async function expectLabelsUnseen(path: string): Promise<void> {
  const shares = { validation: 0.1, test: 0.3 };
  const { labels, ...data } = await anomaly.data(path, { shares, seed: 1 });
  expect(data.featureNames).not.toContain('y');
  const settings: Settings<'denoising' | 'undercomplete'> = {
    hidden: [6],
    codeSize: 2,
    rowScore: 'joint',
    epochs: 1,
    batchSize: 128,
  };
  const other = { ...labels!, rows: Array.from(labels!.rows, (label) => 1 - label) };
  const runs = [{ ...data, labels: labels! }, data, { ...data, labels: other }].map((data) =>
    train({ force: true, name: 'tiny', data, settings, out: temporaryFolder() }),
  );
  const [first, ...others] = (await Promise.all(runs)).map(({ artifact: { manifest } }) => manifest);
  for (const { graphs, anomalyScore, calibration } of others)
    expect({ graphs, anomalyScore, calibration }).toEqual({
      graphs: first!.graphs,
      anomalyScore: first!.anomalyScore,
      calibration: first!.calibration,
    });
}
