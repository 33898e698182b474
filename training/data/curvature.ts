/** Pairs of columns whose relation is a curve: where a column lies decides how it correlates. */
import { correlated, correlating } from './correlated.ts';
import type { Variable } from './regression.ts';

/** Correlation with the square of ranks from which on a relation is a curve. */
const CURVED = 0.25;
/** Deviation of the squares of evenly spaced numbers of variance 1. */
const DEVIATION = Math.sqrt(0.8);

/**
 * Returns pairs of columns of numbers by their places, and by how much their correlation changes if the second one moves by
 * one standard deviation of its ranks: a column that follows the distance of another one from a value correlates with it by
 * how many of its values lie on which side. It is twice the coefficient of the square in a regression on ranks.
 * @param numbers Ranks of columns of numbers.
 */
export function curvaturesOf(numbers: readonly Variable[]): [number, number, number][] {
  const ranks = numbers.map(({ values }) => correlating(values));
  return numbers.flatMap((second, j) => {
    const squares = correlating(squaresOf(second.values));
    return numbers.flatMap((_, i): [number, number, number][] => {
      if (i === j) return [];
      const { correlation } = correlated(ranks[i]!, squares);
      return Math.abs(correlation) < CURVED
        ? []
        : [[i, j, Number(((2 * correlation) / DEVIATION).toFixed(4))]];
    });
  });
}

function squaresOf(ranks: Float64Array): Float64Array {
  const present = ranks.filter((rank) => !Number.isNaN(rank)).length;
  return ranks.map((rank) => (rank - (present - 1) / 2) ** 2);
}
