import type { Matrix } from '../../../shared/tensor.ts';
import { featureStatistics } from '../../data/statistics.ts';
import { add, sub } from '../../graph/ops/arithmetic.ts';
import { log } from '../../graph/ops/powers.ts';
import type { Value } from '../../graph/types.ts';
import { float32s, scalar } from '../../graph/value.ts';
import { columnMean, squaredShares } from '../columnSquares.ts';
import { LEAST_SHARE } from '../joint.ts';
import type { Member } from '../member.ts';
import type { RowView } from '../rowView.ts';

/** The score of `rowScore=joint`, in which all values of a category count as one. */
export const joint: Member = {
  summary:
    'the autoencoder does not explain the row, or its reconstruction is far from the others: the score of `rowScore=joint`',
  fit: ({ scaled, residual }, { groups }) => {
    const data = scaled.data.map((value, i) => value - residual.data[i]!);
    const { mean } = featureStatistics({ ...scaled, data });
    const centred: Matrix = { ...scaled, data: data.map((value, i) => value - mean[i % mean.length]!) };
    const ofResidual = squaredShares(residual, groups, LEAST_SHARE);
    const ofReconstruction = squaredShares(centred, groups, LEAST_SHARE);
    const [centre, average] = [float32s(mean), columnMean(groups.length)];
    const surprise = (shares: Value) => log(add(shares, scalar(1)));
    const reconstruction = (view: RowView<Value>) => sub(sub(view.scaled, view.residual), centre);
    return {
      score: (view) =>
        average(add(surprise(ofResidual(view.residual)), surprise(ofReconstruction(reconstruction(view))))),
    };
  },
};
