import { fitIsolationForest } from '../../estimators/isolationForest.ts';
import { mul } from '../../graph/ops/arithmetic.ts';
import { exp } from '../../graph/ops/exponentials.ts';
import { treeEnsembleRegressor } from '../../graph/ops/treeEnsembleRegressor.ts';
import { scalar } from '../../graph/value.ts';
import type { Member } from '../member.ts';

/** The score of the publication: 2 to the power of minus the mean path length over the typical one. */
export const forest: Member = {
  summary: 'few random divisions separate the row from others: isolation forest (Liu et al., 2008)',
  fit: ({ scaled }, { groups, seed }) => {
    const positions = groups.map((group) => group.positions);
    const { trees, typicalLength } = fitIsolationForest(scaled, { groups: positions, seed });
    const scale = scalar(-Math.LN2 / Math.max(1, typicalLength));
    return { score: (view) => exp(mul(treeEnsembleRegressor(view.scaled, trees), scale)) };
  },
};
