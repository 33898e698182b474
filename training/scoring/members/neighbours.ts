import { permutation, random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { takeRows } from '../../data/batches.ts';
import { distanceToNearest } from '../../estimators/nearestRows.ts';
import { add, mul } from '../../graph/ops/arithmetic.ts';
import { abs, log, sign } from '../../graph/ops/powers.ts';
import type { Value } from '../../graph/types.ts';
import { scalar } from '../../graph/value.ts';
import type { Member } from '../member.ts';

/** The neighbour that the distance is measured to: anomalies that come in fives still have none near. */
const RANK = 10;
/** Most training rows that are kept to compare with, and most values in them (2 MiB). */
const MOST_ROWS = 2048;
const MOST_VALUES = 2 ** 19;

/** Values enter by the logarithm of their deviations, so that one extreme value does not hide all others. */
export const neighbours: Member = {
  summary: 'few training rows are similar: distance to the 10th nearest of up to 2048 of them',
  holdsRows: true,
  fit: ({ scaled }, { seed }) => {
    const { rowCount, width } = scaled;
    const most = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_VALUES / width)));
    const kept = permutation(rowCount, random(seed, 'neighbours')).subarray(0, most);
    const rows = compressedRows(takeRows(scaled, kept));
    const rank = Math.min(RANK, kept.length);
    const distance = (values: Value, by: number) => distanceToNearest(compressed(values), rows, by);
    return {
      score: (view) => distance(view.scaled, rank),
      withoutThemselves: {
        rows: kept,
        // A row is its own nearest.
        score: (view) => distance(view.scaled, Math.min(rank + 1, kept.length)),
      },
    };
  },
};

function compressed(values: Value): Value {
  return mul(sign(values), log(add(scalar(1), abs(values))));
}

function compressedRows(rows: Matrix): Matrix {
  return { ...rows, data: rows.data.map((value) => Math.sign(value) * Math.log1p(Math.abs(value))) };
}
