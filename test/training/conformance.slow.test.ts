import { expect, it } from 'vitest';
import { permutation, random } from '../../shared/random.ts';
import { temporaryFolder } from '../support/data/data.ts';
import { allCombinations, conforms } from '../support/training/combinations.ts';

/** All of them take half an hour; these are drawn from all, the same in every run. */
const SAMPLED = 120;

const combinations = allCombinations();
const sampled = [...permutation(combinations.length, random(1, 'combinations')).subarray(0, SAMPLED)].map(
  (index) => combinations[index]!,
);

it.each(sampled.map((each) => [Object.values(each).join(' '), each] as const))(
  '%s is trained, packaged and evaluated, or refused before training',
  async (_, combination) => {
    const result = await conforms(combination, temporaryFolder());
    if ('refused' in result) return;
    for (const value of Object.values(result.metrics)) expect(value).toSatisfy(Number.isFinite);
  },
);
