/** Measurements that training stores in a manifest; `lazy`, as the manifest's own schemas are. */
import * as z from 'zod';

/** Largest difference between onnxruntime-node and onnxruntime-web on the validation rows. */
export const Parity = z.lazy(() =>
  z.strictObject({
    maxAbsDifference: z.number().nonnegative().describe('The largest absolute difference.'),
    maxScaledDifference: z
      .number()
      .nonnegative()
      .describe(
        'The same, divided by the largest magnitude in the output if that exceeds 1; for reconstruction errors, of the terms |x - y| (|x| + |y|) in place of the squares (x - y)².',
      ),
    tolerance: z.number().positive().describe('The limit of the scaled difference.'),
    rows: z.number().int().positive().describe('The number of rows compared.'),
    batchSizes: z.array(z.number().int().positive()).describe('The batch sizes compared.'),
  }),
);

/** The cost of storing weights in fewer bytes than float32 takes. */
export const StoredWeights = z.lazy(() =>
  z.strictObject({
    type: z.string(),
    /** The model's primary metric, on the test rows: with float32 weights, and with the stored ones. */
    metric: z.string(),
    float32: z.number(),
    stored: z.number(),
    /** Relative loss of the second against the first; negative if it is better. */
    relativeChange: z.number(),
    /** A larger relative loss is refused. */
    tolerance: z.number().nonnegative(),
  }),
);

/**
 * Reconstruction error of a row: the mean squared difference over its features, in raw units squared or, if
 * the graphs preprocess columns, between the preprocessed numbers.
 */
export const ReconstructionError = z.lazy(() =>
  z.strictObject({
    /** Mean error of the training rows. */
    mean: z.number().nonnegative(),
    standardDeviation: z.number().nonnegative(),
    /** 101 quantiles (0 %, 1 % ... 100 %) of the training rows' error. */
    quantiles: z.array(z.number().nonnegative()).length(101),
    /**
     * Rows above this are anomalies. It is the quantile at `1 - contamination` of the training rows' error
     * or, with `targetFpr`, the lowest value above which p-values are at most `targetFpr`.
     */
    threshold: z.number().nonnegative(),
    /** Assumed share of anomalies among the training rows, in (0, 0.5]. */
    contamination: z.number().positive().max(0.5),
    /** False positive rate that the threshold aims at; absent if `contamination` sets the threshold. */
    targetFpr: z.number().positive().max(0.5).optional(),
  }),
);

/**
 * Scores of the validation rows, which no weight is fitted to; conformal p-values are computed from them. A
 * score is the reconstruction error or, if the model has one, its `anomaly_score`.
 */
export const Calibration = z.lazy(() =>
  z.strictObject({
    /** The number of validation rows. */
    rows: z.number().int().positive(),
    /**
     * Ascending and distinct: the 100 highest, and enough of the others for `above` to grow by at most 1 %
     * per step.
     */
    scores: z.array(z.number().nonnegative()).min(1),
    /** For each of these, the number of rows with a higher score. */
    above: z.array(z.number().int().nonnegative()).min(1),
  }),
);

export type Parity = z.infer<typeof Parity>;
export type StoredWeights = z.infer<typeof StoredWeights>;
export type ReconstructionError = z.infer<typeof ReconstructionError>;
export type Calibration = z.infer<typeof Calibration>;
