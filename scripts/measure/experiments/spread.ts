/** Spread of figures over several runs. */
import { mean } from '../../../training/estimators/scores.ts';

/** Returns the mean and the sample standard deviation of figures. */
export function spreadOf(figures: readonly number[]): { mean: number; standardDeviation: number } {
  const middle = mean(figures);
  const squares = figures.reduce((sum, figure) => sum + (figure - middle) ** 2, 0);
  return { mean: middle, standardDeviation: Math.sqrt(squares / Math.max(1, figures.length - 1)) };
}
