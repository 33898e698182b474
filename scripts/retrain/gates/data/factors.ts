/** Which of tonight's factors between two columns are those of the champion, whether set by people or rates of one day. */
import type { Factor, Ratio } from '../../../../training/data/ratios.ts';

/** Part by which a factor that nobody has set may differ, such as a rate of exchange, which is another one every night. */
const DAILY = 0.05;
/**
 * Steps of factors that people set, such as rates of tax, what is left by which these are told, and the largest that
 * are: larger ones are near a step by chance too often.
 */
const [STEP, EXACT, LARGEST] = [0.005, 0.00002, 2];
/** Part by which the same factor differs in other rows at least. */
const SAME = 0.0003;
/** Share of the rows that are not equal, of which factors are round where people set them. */
const MOSTLY = 0.8;

/** Factors of the champion's that are judged together, and tonight's of the same rows. */
export interface Matched {
  /** The most frequent of them; of the champion's, unless there is none. */
  readonly factor: number;
  /** Shares of the rows; `usual` is undefined for a factor that the champion does not have. */
  readonly usual: number | undefined;
  readonly share: number;
  /** True for rates that nobody has set, among which tonight's may be new. */
  readonly moves: boolean;
  /** Distinct values in tonight's rows, at most. */
  readonly distinct: number;
}

/** @param shares Those of the champion's factors, in tonight's rows. */
export function matchedFactors(
  old: Ratio,
  { shares, found }: { readonly shares: readonly number[]; readonly found: readonly Factor[] },
  weeksAgo: Ratio | undefined,
): Matched[] {
  const known = old.factors.map(([factor, usual], i) => ({ factor, usual, share: shares[i]! }));
  const isFixed = (factor: number) => isSet(factor, old, weeksAgo);
  const fixed = known.filter(({ factor }) => isFixed(factor));
  const left = found.filter((own) => !fixed.some(({ factor }) => isSame(own, factor)));
  const one = fixed.map(({ factor, usual, share }): Matched => {
    const own = found.find((each) => isSame(each, factor));
    return {
      factor,
      usual,
      share: Math.max(share, own?.share ?? 0),
      moves: false,
      distinct: own?.distinct ?? 0,
    };
  });
  // Of those that move, nobody knows which became which: they are judged by their sum, as far as they are near.
  const moving = known.filter(({ factor }) => !isFixed(factor));
  const together = groupsOf([...moving, ...left].map(({ factor }) => factor)).map((group): Matched => {
    const before = moving.filter(({ factor }) => group.includes(factor));
    const now = left.filter(({ factor }) => group.includes(factor));
    return {
      factor: (before[0] ?? now[0])!.factor,
      usual: before.length === 0 ? undefined : sum(before.map(({ usual }) => usual)),
      share: Math.max(sum(now.map(({ share }) => share)), ...before.map(({ share }) => share)),
      moves: true,
      distinct: Math.max(0, ...now.map(({ distinct }) => distinct)),
    };
  });
  return [...one, ...together];
}

/** True for a factor of tonight's that is a known one: of coarse numbers, it is not known any better. */
export function isSame({ factor, rounding }: Factor, known: number): boolean {
  return Math.abs(factor / known - 1) <= Math.max(SAME, rounding);
}

/** Groups of numbers that are near one another; equality is no rate that moves. */
function groupsOf(factors: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const factor of factors.toSorted((a, b) => a - b)) {
    const last = groups.at(-1)?.at(-1);
    const isNear = last !== undefined && last !== 1 && factor !== 1 && factor / last - 1 <= DAILY;
    if (isNear) groups.at(-1)!.push(factor);
    else if (factor !== last) groups.push([factor]);
  }
  return groups;
}

/**
 * True for rates that people set. A rate of exchange may be a round number on one day: that of weeks ago is another one
 * or, if there is none, those of other currencies are.
 */
function isSet(factor: number, { factors }: Ratio, weeksAgo: Ratio | undefined): boolean {
  if (factor === 1) return true;
  if (!isRound(factor)) return false;
  if (weeksAgo !== undefined) return weeksAgo.factors.some(([each]) => Math.abs(each / factor - 1) <= SAME);
  const others = factors.filter(([each]) => each !== 1);
  const round = others.filter(([each]) => isRound(each));
  const [all, ofRound] = [others, round].map((some) => sum(some.map(([, share]) => share)));
  return ofRound! >= MOSTLY * all!;
}

/** True for rates in steps of half a per cent, or their inverse. */
function isRound(factor: number): boolean {
  return [factor, 1 / factor].some(
    (each) => each <= LARGEST && Math.abs(each - STEP * Math.round(each / STEP)) <= EXACT * each,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
