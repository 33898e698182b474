import { add } from '../../graph/ops/arithmetic.ts';
import { log } from '../../graph/ops/powers.ts';
import { scalar } from '../../graph/value.ts';
import { columnMean, columnSquares } from '../columnSquares.ts';
import type { Member } from '../member.ts';

/** The mean over the columns of log(1 + z^2), for z standard deviations from the mean. */
export const deviation: Member = {
  summary: 'many values are far from the mean of their column, by the logarithm of the squared deviation',
  fit: (_, { groups, centre }) => {
    const [squares, mean] = [columnSquares(groups, centre.length), columnMean(groups.length)];
    return { score: ({ scaled }) => mean(log(add(squares(scaled), scalar(1)))) };
  },
};
