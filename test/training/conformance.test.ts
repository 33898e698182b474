import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/data/data.ts';
import {
  type Combination,
  conforms,
  coveringCombinations,
  expectSound,
} from '../support/training/combinations.ts';

/** Failed after training, while baselines were fitted to missing values. */
const MASKED_FORECAST: Combination = {
  ...{ variant: 'sequence', missing: 'mask', horizon: 3, rowScore: 'error' },
  ...{ weightType: 'float32', predictor: 'none', normalization: 'none' },
};

it.each(
  [MASKED_FORECAST, ...coveringCombinations().slice(0, 9)].map(
    (each) => [Object.values(each).join(' '), each] as const,
  ),
)('%s is trained, packaged, evaluated and reported, or refused before training', async (_, combination) => {
  const result = await conforms(combination, temporaryFolder());
  if ('refused' in result) {
    expect(result.refused).toMatch(/expected|needs|only|cannot|unknown/);
    return;
  }
  expectSound(result);
});
