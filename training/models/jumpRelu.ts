/** Units that are kept above a threshold of their own, which is learned: JumpReLU (Rajamanoharan et al., 2024). */
import { add, div, mul, neg, sub } from '../graph/ops/arithmetic.ts';
import { expand, reduceSum } from '../graph/ops/broadcast.ts';
import { stopGradient } from '../graph/ops/identity.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { abs, sqrt, square } from '../graph/ops/powers.ts';
import { greater } from '../graph/ops/step.ts';
import type { Value } from '../graph/types.ts';
import { scalar, variable } from '../graph/value.ts';
import type { Selection } from './selectedUnits.ts';

/** Initial threshold, as published. */
const START = 0.001;

/**
 * The derivatives of the step H(z - t) and of JumpReLU z H(z - t) by the threshold t are 0 wherever they exist. In their
 * place are estimates of the derivative of the expectation over rows, by a rectangular kernel K of width e:
 * -K((z - t) / e) / e and -t K((z - t) / e) / e (equations 11 and 12 there).
 */
export interface ThresholdEstimates {
  /** Estimated derivative of the step, `[N, codeSize]`. */
  readonly ofStep: Value;
  /** Estimated derivative of JumpReLU. */
  readonly ofJump: Value;
}

/** Estimates for pre-activations `[N, codeSize]` and thresholds `[codeSize]`. @param bandwidth Width of the kernel, a scalar. */
export function thresholdEstimates(before: Value, threshold: Value, bandwidth: Value): ThresholdEstimates {
  const distance = div(abs(sub(before, threshold)), bandwidth);
  const ofStep = neg(div(greater(scalar(0.5), distance), bandwidth));
  return { ofStep, ofJump: mul(ofStep, threshold) };
}

/** Returns 0, whose derivative by the threshold is `estimate`. */
function estimated(estimate: Value, threshold: Value): Value {
  return mul(stopGradient(estimate), sub(threshold, stopGradient(threshold)));
}

/**
 * Thresholds that are learned together with a penalty, the square of how far the mean number of active units is from
 * `count`, as a share of it (appendix there). It counts as much as the mean squared length of the rows; `bandwidth` is
 * a share of the root of that.
 */
export function learnedThresholds(codeSize: number, count: number, bandwidth: number): Selection {
  const threshold = variable('code/threshold', [codeSize], new Float32Array(codeSize).fill(START));
  return {
    least: () => threshold,
    isFixed: true,
    learning: (before, rows) => {
      const power = stopGradient(reduceMean(reduceSum(square(rows), [1])));
      const width = mul(scalar(bandwidth), sqrt(power));
      const { ofStep, ofJump } = thresholdEstimates(before, threshold, width);
      const isActive = greater(before, expand(threshold, before));
      const active = reduceSum(add(stopGradient(isActive), estimated(ofStep, threshold)), [1]);
      const excess = sub(mul(reduceMean(active), scalar(1 / count)), scalar(1));
      return {
        passed: estimated(ofJump, threshold),
        penalty: mul(square(excess), mul(power, scalar(1 / (rows.shape[1] as number)))),
      };
    },
  };
}
