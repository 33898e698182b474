/**
 * ELSA: a linear autoencoder over items whose size grows with their number and not with its square (Vančura
 * et al., 2022, "Scalable Linear Shallow Autoencoder for Collaborative Filtering").
 */
import * as z from 'zod';
import { InputError } from '../../shared/errors.ts';
import { relu } from '../graph/ops/activations.ts';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { gather } from '../graph/ops/gather.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { pad } from '../graph/ops/pad.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import { reshape } from '../graph/ops/reshape.ts';
import { scatterColumns } from '../graph/ops/scatter.ts';
import { toFloat32, toInt64 } from '../graph/ops/shape.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import { transpose } from '../graph/ops/transpose.ts';
import type { Value } from '../graph/types.ts';
import { int64s, scalar, scheduled } from '../graph/value.ts';
import { initialWeight } from '../layers/initializers.ts';
import { isId } from '../layers/items.ts';
import { directions } from '../objectives/directions.ts';
import { meanLoss, type NamedLoss } from '../objectives/reconstruction.ts';
import { heldOutItems } from './heldOutItems.ts';
import type { Autoencoder, Variant } from './model.ts';
import { pruned, pruningSchedule } from './pruning.ts';
import { recommendHead } from './recommendHead.ts';
import { similarHead } from './similarHead.ts';
import { stackSettings } from './stack.ts';

/** Keeps the direction of an item without weights finite. */
const EPSILON = 1e-12;

/** The squared distance between directions, from 0 to 4: twice the share by which they miss each other. */
const normalizedError: NamedLoss = {
  name: 'normalized-mse',
  summary: 'squared distance between the directions of rows; the reconstruction is the direction',
  reconstruct: directions,
  elements: (output, target) => square(sub(directions(output), directions(target))),
  row: 'sum',
};

const Config = z.strictObject({
  codeSize: stackSettings.codeSize.unwrap().default(256),
  nonZeros: z
    .number()
    .int()
    .min(1)
    .max(65_536)
    .nullable()
    .describe(
      'values kept of the direction of each item, those of largest magnitude; the others are pruned in the first half of training; null: all',
    )
    .default(null),
});

/** Scales the columns of a weight `[codeSize, items]` to length 1. */
function columnDirections(weight: Value): Value {
  return div(weight, sqrt(add(reduceSum(square(weight), [0]), scalar(EPSILON))));
}

/**
 * f(x) = x (A A' - I), where the rows of `A [items, codeSize]` have length 1, so that no item predicts
 * itself. The code is x A. With `nonZeros`, the rows are sparse (Vančura et al., 2026, "Efficient Learning of Sparse
 * Representations from Interactions").
 */
export const elsa: Variant<typeof Config> = {
  summary: 'ELSA over the items of users: one direction per item, for catalogues of any size',
  config: Config,
  build: ({ codeSize, nonZeros }, items, seed): Autoencoder => {
    if (nonZeros !== null && nonZeros > codeSize) {
      throw new InputError(
        `setting 'nonZeros': expected at most codeSize (${codeSize}), received ${nonZeros}`,
      );
    }
    const weight = initialWeight('items/weight', [codeSize, items], {
      fanIn: items,
      fanOut: codeSize,
      initializer: 'glorot',
      seed,
    });
    // Export folds this into a constant, the only table of the model. Scaled or pruned once more, it stays the same.
    const table = columnDirections(nonZeros === null ? weight : pruned(weight, int64s([nonZeros])));
    const encode = (rows: Value, own = table) => gemm(rows, own, { transB: true });
    const scoresOf = (code: Value, own = table) => gemm(code, own);
    /** The table of a training step, before which fewer values may have been pruned than will be in the end. */
    const trainedTable = () => {
      if (nonZeros === null) return table;
      const left = scheduled('non_zeros', pruningSchedule(codeSize, nonZeros));
      return columnDirections(pruned(weight, reshape(toInt64(left), [1])));
    };
    const scores = (ids: Value) => {
      const given = isId(ids);
      // `[codeSize, N, L]`
      const own = mul(gather(table, toInt64(relu(toFloat32(ids))), 1), given);
      const sum = reduceSum(own, [2]);
      const code = transpose(sum, [1, 0]);
      // An item's direction has length 1: its own share of its score is 1.
      const ofGiven = sub(reduceSum(mul(own, unsqueeze(sum, [2])), [0]), scalar(1));
      // The id -1 addresses the last column, which is added for it and dropped again.
      const all = scatterColumns(pad(scoresOf(code), [0, 0, 0, 1]), ids, ofGiven);
      return pad(all, [0, 0, 0, -1]);
    };
    return {
      codeSize,
      lossName: normalizedError.name,
      encode,
      decode: (code) => directions(scoresOf(code)),
      step: (rows, context) => {
        const { given, wanted } = heldOutItems(rows, context);
        const own = context.training ? trainedTable() : table;
        const code = encode(given, own);
        const output = sub(scoresOf(code, own), given);
        const loss = meanLoss(normalizedError, output, wanted);
        return {
          loss,
          reconstructionLoss: loss,
          regularisationLoss: scalar(0),
          reconstruction: directions(output),
          code,
        };
      },
      standIns: { [weight.name]: table },
      heads: { recommend: recommendHead(items, scores), similar: similarHead(table) },
    };
  },
};
