/** Comparison of the answers of two versions to the same rows. */
import type { OperationName } from '../../shared/manifest.ts';
import type { Difference } from '../telemetry/shadows.ts';

/** The answer to one row, or to one user; `problem` is in one that could not be given. */
export type RowAnswer = Readonly<Record<string, unknown>>;

interface Compared {
  /** Returns the numbers that mean the same in every version, by a key that both answers have. */
  readonly values: (answer: RowAnswer) => ReadonlyMap<unknown, number>;
  /** Returns what a client decides by; undefined for an answer without it. */
  readonly verdict?: (answer: RowAnswer) => unknown;
}

const listed = (member: string) => (answer: RowAnswer) =>
  new Map((answer[member] as readonly number[]).map((value, position) => [position, value]));

const ranking: Compared = {
  values: ({ items }) => new Map((items as readonly RankedItem[]).map(({ item, score }) => [item, score])),
  verdict: ({ items }) => (items as readonly RankedItem[])[0]?.item,
};

interface RankedItem {
  readonly item: string;
  readonly score: number;
}

/** Operations whose answers are compared; of any other, only failures and durations are counted. */
const COMPARED: Readonly<Partial<Record<OperationName, Compared>>> = {
  encode: {
    values: (answer) => {
      // Positions differ from code to code, and numbers of int8 count in units of their own.
      const isPlain = answer.positions === undefined && answer.scale === undefined;
      return isPlain ? listed('code')(answer) : new Map();
    },
  },
  reduce: { values: listed('coordinates') },
  decode: { values: listed('reconstruction') },
  reconstruct: { values: listed('reconstruction') },
  denoise: { values: listed('reconstruction') },
  score: {
    values: ({ score }) => new Map([['score', score as number]]),
    verdict: ({ isAnomaly }) => isAnomaly,
  },
  predict: {
    values: listed('prediction'),
    verdict: ({ prediction }) => mostProbable(prediction as readonly number[]),
  },
  forecast: { values: listed('forecast') },
  recommend: ranking,
  similar: ranking,
};

/** Returns the position of the largest of several probabilities; undefined for a single number. */
function mostProbable(prediction: readonly number[]): number | undefined {
  return prediction.length > 1 ? prediction.indexOf(Math.max(...prediction)) : undefined;
}

/** Returns how two answers differ. A row that only one of them has an answer to counts as another verdict. */
export function differenceOf(
  operation: OperationName,
  production: readonly RowAnswer[],
  shadow: readonly RowAnswer[],
): Difference {
  const compared = COMPARED[operation];
  const sums = { rows: production.length, values: 0, sum: 0, largest: 0, judged: 0, differing: 0 };
  for (const [row, own] of production.entries()) {
    const other = shadow[row] ?? { problem: 'missing' };
    const answered = [own, other].filter(({ problem }) => problem === undefined);
    if (answered.length === 1) {
      sums.judged += 1;
      sums.differing += 1;
    }
    if (answered.length < 2 || compared === undefined) continue;
    const values = compared.values(other);
    for (const [key, value] of compared.values(own)) {
      const distance = Math.abs(value - (values.get(key) ?? Number.NaN));
      if (Number.isNaN(distance)) continue;
      sums.values += 1;
      sums.sum += distance;
      sums.largest = Math.max(sums.largest, distance);
    }
    const [verdict, another] = [compared.verdict?.(own), compared.verdict?.(other)];
    if (verdict === undefined) continue;
    sums.judged += 1;
    if (verdict !== another) sums.differing += 1;
  }
  return sums;
}
