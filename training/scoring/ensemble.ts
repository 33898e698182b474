/** The ensemble: several scores that find different anomalies, joined by how far each is above its median. */
import { permutation, random } from '../../shared/random.ts';
import { isSparse } from '../../shared/tensor.ts';
import { type AnyRows, takeRows } from '../data/batches.ts';
import { computeRows } from '../evaluate/representation.ts';
import { add, div, mul } from '../graph/ops/arithmetic.ts';
import { reduceSumOp } from '../graph/ops/broadcast.ts';
import { concat } from '../graph/ops/concat.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import { squeeze, unsqueeze } from '../graph/ops/squeeze.ts';
import { isNan, where } from '../graph/ops/where.ts';
import type { Value, Weights } from '../graph/types.ts';
import { apply, constant, scalar } from '../graph/value.ts';
import { reconstructionOf, targetOf } from '../models/errors.ts';
import type { Autoencoder, Scoring } from '../models/model.ts';
import { columnSignals } from './blame.ts';
import { fitExcess } from './excess.ts';
import type { FittedMember, Member, ScoringOptions } from './member.ts';
import { MEMBERS } from './registry.ts';
import { type FittedView, fitView, type RowView } from './rowView.ts';
import { fitSurprise } from './surprise.ts';

/** Most values of training rows that members are fitted to: 64 MiB. */
const MOST_VALUES = 2 ** 24;
/** Keeps the shares of a row that surprises nobody defined. */
const SMALLEST = 1e-12;

/**
 * Fits the members to the training rows. The score of a row is the power mean, of order 4, of how far each
 * member's score is above the median: what one member finds very unusual counts, and what several find a
 * little unusual adds little. The score is divided among the columns in proportion to the 4th powers of their
 * own surprises. Without `withRows`, members that hold training rows are left out.
 */
export async function fitEnsemble(
  model: Autoencoder,
  train: AnyRows,
  weights: Weights,
  options: ScoringOptions,
): Promise<Scoring> {
  const { seed, withRows } = options;
  const rows = sampled(train, seed);
  const view = await fitView(model, rows, weights, options);
  const members: readonly [string, Member][] = Object.entries(MEMBERS);
  const fitted = members
    .filter(([, { holdsRows }]) => withRows || !holdsRows)
    .map(([name, member]): [string, FittedMember] => [name, member.fit(view.train, { ...view, seed })]);
  const viewOf = (batch: Value) => view.of(targetOf(model, batch), reconstructionOf(model, batch));
  const compute = (of: (seen: RowView<Value>) => Value) =>
    computeRows(rows, (batch) => of(viewOf(batch)), weights);
  const scores = (seen: RowView<Value>) =>
    concat(
      fitted.map(([, { score }]) => score(seen)),
      1,
    );
  const known = await compute(scores);
  for (const [i, [, { withoutThemselves: own }]] of fitted.entries()) {
    if (own === undefined) continue;
    const corrected = await compute(own.score);
    for (const row of own.rows) known.data[row * known.width + i] = corrected.data[row]!;
  }
  const excess = fitExcess(known);
  const blame = await fitBlame(view, compute);
  return {
    of: (target, reconstruction) => {
      const seen = view.of(target, reconstruction);
      const score = sqrt(sqrt(reduceMean(fourthPower(excess(scores(seen))), [1])));
      const features = mul(unsqueeze(score, [1]), blame(seen));
      return { score, features: model.missing ? where(isNan(target), scalar(0), features) : features };
    },
    members: (target, reconstruction) => {
      const seen = view.of(target, reconstruction);
      return Object.fromEntries(fitted.map(([name, { score }]) => [name, squeeze(score(seen), [1])]));
    },
  };
}

/** Draws training rows at random if there are more than the members can hold at once. */
function sampled(train: AnyRows, seed: number): AnyRows {
  const most = Math.max(1, Math.floor(MOST_VALUES / train.width));
  if (train.rowCount <= most || isSparse(train)) return train;
  const chosen = permutation(train.rowCount, random(seed, 'ensemble')).subarray(0, most);
  return takeRows(train, chosen);
}

/** Returns the share of each column in a row's score, at the column's first position: `[N, width]`. */
async function fitBlame(
  view: FittedView,
  compute: (of: (rows: RowView<Value>) => Value) => ReturnType<typeof computeRows>,
): Promise<(rows: RowView<Value>) => Value> {
  const signals = await Promise.all(
    columnSignals(view).map(async ({ of, least }) => ({
      of,
      surprise: fitSurprise(await compute(of), least),
    })),
  );
  const { groups } = view;
  const places = new Float32Array(groups.length * view.centre.length);
  groups.forEach(({ positions }, column) => {
    places[column * view.centre.length + positions[0]!] = 1;
  });
  const spread = constant({ dtype: 'float32', shape: [groups.length, view.centre.length], data: places });
  return (rows) => {
    const [first, ...others] = signals.map(({ of, surprise }) => fourthPower(surprise(of(rows))));
    const all = others.reduce(add, first!);
    const total = apply(reduceSumOp, [all], { axes: [1], keepdims: 1 });
    return gemm(div(all, add(total, scalar(SMALLEST))), spread);
  };
}

function fourthPower(value: Value): Value {
  return square(square(value));
}
