import { expect, it } from 'vitest';
import { flattened, linesOf } from '../../../scripts/scoring/lines.ts';

it('gives elements of lists, and their members, columns of their own in a table', () => {
  const contributions = [
    { feature: 'pressure', share: 0.9 },
    { feature: 'flow', share: 0.1 },
  ];
  expect(flattened({ row: 3, score: 1.5, code: [1, 2], contributions, where: null })).toEqual({
    ...{ row: 3, score: 1.5, code_0: 1, code_1: 2, where: null },
    ...{ contributions_0_feature: 'pressure', contributions_0_share: 0.9 },
    ...{ contributions_1_feature: 'flow', contributions_1_share: 0.1 },
  });
  expect(flattened({ mixed: [1, 'a'], object: { a: 1 } })).toEqual({
    mixed: '[1,"a"]',
    object: '{"a":1}',
  });
});

it('has the categories that training did not see in the lines of their rows', () => {
  const unseen = [
    { row: 1, feature: 'city', value: 'Oslo' },
    { row: 1, feature: 'country', value: 'NO' },
  ];
  const answers = { body: { codes: [[1], [2]] }, problems: new Map(), unseen };
  expect(linesOf({ each: 'codes' }, answers, { start: 10, kept: [{}, {}] })).toEqual([
    { row: 10, code: [1] },
    {
      row: 11,
      code: [2],
      unseen: [
        { feature: 'city', value: 'Oslo' },
        { feature: 'country', value: 'NO' },
      ],
    },
  ]);
});
