import { expect, it } from 'vitest';
import type { ManifestContent } from '../../../shared/artifactVersion.ts';
import type { TrainedManifest } from '../../../shared/manifest.ts';
import { type DetectedRows, detectionFigures } from '../../../training/report/detectionFigures.ts';
import { tuneCommand } from '../../../training/report/tuneCommand.ts';

type Described = Pick<ManifestContent, 'name' | 'recipe' | 'data'>;
const described = (data: object, name = 'anomaly') =>
  ({ name, recipe: { name: 'anomaly', config: {} }, data }) as unknown as Described;

it('has the data, the choices and the name of the model, as a shell takes them', () => {
  const choices = { label: 'is fraud', positive: ['yes', 'maybe'], ignore: ['a', 'b'] };
  const data = { source: 'rows.csv', location: 'my data/rows.csv', choices };
  expect(tuneCommand(described(data, 'cards'), 'average-precision')).toBe(
    "npm run tune -- anomaly --data 'my data/rows.csv' --label 'is fraud' --positive yes --positive maybe --ignore a --ignore b --name cards --by average-precision",
  );
});

it('has the query, and leaves open the recipe of a program', () => {
  const sql = { source: "SELECT * FROM 'rows.csv'", choices: { label: 'y' } };
  expect(tuneCommand(described(sql), 'average-precision')).toBe(
    "npm run tune -- anomaly --data 'SELECT * FROM '\\''rows.csv'\\''' --label y --by average-precision",
  );
  expect(tuneCommand(described({ source: '600 rows' }), 'recall@10')).toBe(
    'npm run tune -- <recipe> --by recall@10',
  );
});

it('ends the figure that names better baselines, so that it can be pasted', () => {
  const better = { 'roc-auc': 0.99, 'average-precision': 0.9 };
  const manifest = {
    ...described({ source: 'rows.csv', location: 'rows.csv', choices: { label: 'y' } }),
    ...{
      metrics: { 'roc-auc': 0.9, 'average-precision': 0.5 },
      baselines: { mahalanobis: better },
      codeSize: 2,
    },
  } as unknown as TrainedManifest;
  const rows = { detection: undefined, rows: '600 rows', areOthers: false } as unknown as DetectedRows;
  expect(detectionFigures(manifest, rows)[0]!.meaning).toMatch(
    / or look for better settings: npm run tune -- anomaly --data rows\.csv --label y --by average-precision$/,
  );
});
