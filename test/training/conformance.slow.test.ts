import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/data/data.ts';
import { allCombinations, conforms } from '../support/training/combinations.ts';

it.each(allCombinations().map((each) => [Object.values(each).join(' '), each] as const))(
  '%s is trained, packaged and evaluated, or refused before training',
  async (_, combination) => {
    const result = await conforms(combination, temporaryFolder());
    if ('refused' in result) return;
    for (const value of Object.values(result.metrics)) expect(value).toSatisfy(Number.isFinite);
  },
);
