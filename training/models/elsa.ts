/**
 * ELSA: a linear autoencoder over items whose size grows with their number and not with its square (Vančura
 * et al., 2022, "Scalable Linear Shallow Autoencoder for Collaborative Filtering").
 */
import * as z from 'zod';
import { relu } from '../graph/ops/activations.ts';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { gather } from '../graph/ops/gather.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { pad } from '../graph/ops/pad.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import { scatterColumns } from '../graph/ops/scatter.ts';
import { toFloat32, toInt64 } from '../graph/ops/shape.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import { transpose } from '../graph/ops/transpose.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import { initialWeight } from '../layers/initializers.ts';
import { isId } from '../layers/items.ts';
import { directions } from '../objectives/directions.ts';
import { meanLoss, type NamedLoss } from '../objectives/reconstruction.ts';
import { heldOutItems } from './heldOutItems.ts';
import type { Autoencoder, Variant } from './model.ts';
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

const Config = z.strictObject({ codeSize: stackSettings.codeSize.unwrap().default(256) });

/**
 * f(x) = x (A A' - I), where the rows of `A [items, codeSize]` have length 1, so that no item predicts
 * itself. The code is x A.
 */
export const elsa: Variant<typeof Config> = {
  summary: 'ELSA over the items of users: one direction per item, for catalogues of any size',
  config: Config,
  build: ({ codeSize }, items, seed): Autoencoder => {
    const weight = initialWeight('items/weight', [codeSize, items], {
      fanIn: items,
      fanOut: codeSize,
      initializer: 'glorot',
      seed,
    });
    // Export folds this into a constant, the only table of the model.
    const table = div(weight, sqrt(add(reduceSum(square(weight), [0]), scalar(EPSILON))));
    const encode = (rows: Value) => gemm(rows, table, { transB: true });
    const scoresOf = (code: Value) => gemm(code, table);
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
        const code = encode(given);
        const output = sub(scoresOf(code), given);
        const loss = meanLoss(normalizedError, output, wanted);
        return {
          loss,
          reconstructionLoss: loss,
          regularisationLoss: scalar(0),
          reconstruction: directions(output),
          code,
        };
      },
      heads: { recommend: recommendHead(items, scores), similar: similarHead(table) },
    };
  },
};
