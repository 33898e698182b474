/** Items that evaluation holds out, to measure how well the other items of a user predict them. */
import { mul, sub } from '../graph/ops/arithmetic.ts';
import { step } from '../graph/ops/step.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import type { Context } from '../layers/layer.ts';

/** Share of a user's items that evaluation holds out. */
const SHARE = 0.2;

export interface GivenAndWanted {
  /** `[N, items]` */
  readonly given: Value;
  /** `[N, items]` */
  readonly wanted: Value;
}

/**
 * Splits rows in evaluation: the model predicts held-out items from the others, as in use. With all items
 * given, a model that copies its input would be the best. Every epoch holds out the same items. In training,
 * all items are both given and wanted.
 */
export function heldOutItems(rows: Value, context: Context): GivenAndWanted {
  if (context.training) return { given: rows, wanted: rows };
  const noise = context.noise('held-out', rows.shape, 'uniform');
  const wanted = mul(rows, step(sub(scalar(SHARE), noise)));
  return { given: sub(rows, wanted), wanted };
}
