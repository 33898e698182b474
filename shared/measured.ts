/** What training measured of a model, as its manifest holds it; `lazy` as the manifest's own schemas are. */
import * as z from 'zod';

/** Largest difference between onnxruntime-node and onnxruntime-web on the validation rows. */
export const Parity = z.lazy(() =>
  z.strictObject({
    maxAbsDifference: z.number().nonnegative(),
    /** The same divided by the largest magnitude in the output where that exceeds 1: what the tolerance applies to. */
    maxScaledDifference: z.number().nonnegative(),
    tolerance: z.number().positive(),
    rows: z.number().int().positive(),
    batchSizes: z.array(z.number().int().positive()),
  }),
);

/** What it costs that the graphs hold weights in fewer bytes than float32 takes. */
export const StoredWeights = z.lazy(() =>
  z.strictObject({
    type: z.string(),
    /** The metric on the test rows by which the model is judged first: with float32 weights, and with the stored ones. */
    metric: z.string(),
    float32: z.number(),
    stored: z.number(),
    /** By what share of the first the second is worse; below 0 where it is better. */
    relativeChange: z.number(),
    /** A model that is worse by more is refused. */
    tolerance: z.number().nonnegative(),
  }),
);

/**
 * Reconstruction error of a row = mean over its features of the squared difference: in raw units squared or, where the
 * graphs preprocess columns, between the numbers that these become.
 */
export const ReconstructionError = z.lazy(() =>
  z.strictObject({
    /** Of the training rows' error. */
    mean: z.number().nonnegative(),
    standardDeviation: z.number().nonnegative(),
    /** 101 quantiles (0 %, 1 % ... 100 %) of the training rows' error. */
    quantiles: z.array(z.number().nonnegative()).length(101),
    /**
     * Rows above this are called anomalous: the quantile at `1 - contamination` of the training rows' error or, with
     * `targetFpr`, the lowest above which p-values are at most that.
     */
    threshold: z.number().nonnegative(),
    /** Share of the training rows taken to be anomalous, in (0, 0.5]. */
    contamination: z.number().positive().max(0.5),
    /** Share of ordinary rows that may be called anomalous; absent where `contamination` sets the threshold. */
    targetFpr: z.number().positive().max(0.5).optional(),
  }),
);

/**
 * The scores of the validation rows, which no weight is fitted to: what the conformal p-value of a row is worked out of.
 * A score is the error, or what `anomalyScore` is of.
 */
export const Calibration = z.lazy(() =>
  z.strictObject({
    /** How many rows there were. */
    rows: z.number().int().positive(),
    /** Ascending, without repetition: all of the 100 highest, and of the others so many that `above` grows by 1 % at most. */
    scores: z.array(z.number().nonnegative()).min(1),
    /** For each of these, how many rows have a higher score. */
    above: z.array(z.number().int().nonnegative()).min(1),
  }),
);

export type Parity = z.infer<typeof Parity>;
export type StoredWeights = z.infer<typeof StoredWeights>;
export type ReconstructionError = z.infer<typeof ReconstructionError>;
export type Calibration = z.infer<typeof Calibration>;
