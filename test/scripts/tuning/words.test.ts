import { expect, it } from 'vitest';
import { trainCommand } from '../../../scripts/tuning/words.ts';

it('the command that trains the best settings has every flag of the search that makes the model', () => {
  const run = { engine: 'onnxruntime', out: 'artifacts', seed: 1, set: ['epochs=40'], data: 'my rows.csv' };
  const best = { codeSize: 3, hidden: [64, 32] };
  expect(trainCommand('anomaly', { ...run, label: 'fraud' }, best)).toBe(
    "npm run train -- anomaly --label fraud --data 'my rows.csv' --set epochs=40 codeSize=3 'hidden=[64,32]'",
  );
  expect(trainCommand('anomaly', { ...run, out: 'other/models', rows: false, seed: 7 }, best)).toBe(
    "npm run train -- anomaly --data 'my rows.csv' --out other/models --no-rows --seed 7 --set epochs=40 codeSize=3 'hidden=[64,32]'",
  );
});
