/** Counts of rows that chance explains, without any distribution. */
import { logFactorial } from '../../../../shared/binomial.ts';

/**
 * Returns the number of rows that are all tonight's by chance with this probability, where they are the outermost of both
 * nights, or the only ones of their kind.
 */
export function rowsOfOneNight(significance: number, now: number, before: number): number {
  return Math.log(significance) / Math.log(now / (now + before));
}

/**
 * The probability that chance puts so few of all rows of a kind, or fewer, into tonight's (Fisher's exact test, one-sided).
 * @param count Tonight's rows of the kind; `others`, all others.
 * @param known Those of the other night, and `knownOthers`.
 */
export function asFew(count: number, others: number, known: number, knownOthers: number): number {
  const [ofKind, ofOthers, tonight] = [count + known, others + knownOthers, count + others];
  const all = logChoices(ofKind + ofOthers, tonight);
  let sum = 0;
  for (let found = Math.max(0, tonight - ofOthers); found <= count; found++)
    sum += Math.exp(logChoices(ofKind, found) + logChoices(ofOthers, tonight - found) - all);
  return Math.min(1, sum);
}

function logChoices(all: number, chosen: number): number {
  return logFactorial(all) - logFactorial(chosen) - logFactorial(all - chosen);
}
