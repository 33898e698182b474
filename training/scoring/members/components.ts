import { add } from '../../graph/ops/arithmetic.ts';
import { log } from '../../graph/ops/powers.ts';
import { scalar } from '../../graph/value.ts';
import { columnMean, squaredShares } from '../columnSquares.ts';
import type { Member } from '../member.ts';

/** Least typical deviation, in standard deviations of the column: smaller ones are rounding or chance. */
const LEAST_UNEXPLAINED = 0.05;

export const components: Member = {
  summary:
    'the principal components that hold 90 % of the variance do not explain the row: mean over the columns of log(1 + r²), where r is the unexplained part over that of training rows',
  fit: ({ unexplained }, { groups }) => {
    const shares = squaredShares(unexplained, groups, LEAST_UNEXPLAINED);
    const mean = columnMean(groups.length);
    return { score: (view) => mean(log(add(shares(view.unexplained), scalar(1)))) };
  },
};
