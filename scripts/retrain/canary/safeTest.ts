/**
 * A sequential test if a share is larger in one arm than in another, which may be looked at after every answer and
 * stopped at any time (Turner, Ly and Grünwald 2024, "Generic E-variables for exact sequential k-sample tests that
 * allow for optional stopping", Journal of Statistical Planning and Inference 230). Its evidence is a product of
 * likelihood ratios; if the shares are equal, it ever exceeds 1/a with probability a at most.
 */

/** Answers of an arm since the last look. */
export interface Arm {
  readonly answers: number;
  /** Those that count against the arm, for instance failures. */
  readonly bad: number;
}

export interface SafeTest {
  /** Adds the answers since the last look, and returns the evidence that the share of `b` is larger. */
  add(a: Arm, b: Arm): number;
}

export function safeTest(): SafeTest {
  const seen = { a: { answers: 0, bad: 0 }, b: { answers: 0, bad: 0 } };
  let logEvidence = 0;
  return {
    add(a, b) {
      const [shareA, shareB] = [expectedShare(seen.a), expectedShare(seen.b)];
      const answers = a.answers + b.answers;
      // Evidence is only gathered for a larger share of `b`.
      if (answers > 0 && shareB > shareA) {
        const pooled = (a.answers * shareA + b.answers * shareB) / answers;
        logEvidence += logRatio(a, shareA, pooled) + logRatio(b, shareB, pooled);
      }
      for (const [sum, added] of [
        [seen.a, a],
        [seen.b, b],
      ] as const) {
        sum.answers += added.answers;
        sum.bad += added.bad;
      }
      return Math.exp(logEvidence);
    },
  };
}

/** The share expected after the answers so far: their mean under a uniform prior. */
function expectedShare({ answers, bad }: Arm): number {
  return (bad + 1) / (answers + 2);
}

/** Log of the likelihood of the answers under one share against another. */
function logRatio({ answers, bad }: Arm, share: number, other: number): number {
  return bad * Math.log(share / other) + (answers - bad) * Math.log((1 - share) / (1 - other));
}
