/** How figures of several runs lie. */
import { mean } from '../../../training/estimators/scores.ts';

/** Their mean and the standard deviation of a sample. */
export function spreadOf(figures: readonly number[]): { mean: number; standardDeviation: number } {
  const middle = mean(figures);
  const squares = figures.reduce((sum, figure) => sum + (figure - middle) ** 2, 0);
  return { mean: middle, standardDeviation: Math.sqrt(squares / Math.max(1, figures.length - 1)) };
}
