/** What the API says to those who look after it: one schema per body of `/admin`. */
import * as z from 'zod';
import { ModelName, ModelVersion } from './manifest.ts';

/** How one feature of the rows seen differs from that of the training rows. */
export const FeatureDrift = z.lazy(() =>
  z.strictObject({
    /** Its name, or its position where features have none. */
    feature: z.union([z.string(), z.number().int().nonnegative()]),
    mean: z.number(),
    standardDeviation: z.number().nonnegative(),
    /** |mean - training's mean| in training's standard deviations; null where the feature was constant in training. */
    shift: z.number().nonnegative().nullable(),
    /** Variance divided by training's; null where the feature was constant in training. */
    varianceRatio: z.number().nonnegative().nullable(),
    /** Share of rows without a value. */
    missing: z.number().min(0).max(1),
  }),
);

/** How what a model has seen differs from what it was trained on. */
export const DriftSummary = z.lazy(() =>
  z.strictObject({
    /** Rows that the figures stand for: a sample of those seen, of which the older ones count less. */
    rows: z.number().nonnegative(),
    /**
     * Mean over features of the shift, each at most 1, so in [0, 1]: 0 as in training, 1 where every mean has moved by a
     * standard deviation or more. Chance alone gives about 0.8 / sqrt(rows). Null before the first row.
     */
    score: z.number().min(0).max(1).nullable(),
    /** Those that have shifted most, at most 10. */
    features: z.array(FeatureDrift),
    /** Null where no operation has measured any. */
    reconstructionError: z
      .strictObject({
        rows: z.number().positive(),
        mean: z.number().nonnegative(),
        standardDeviation: z.number().nonnegative(),
        /** (mean - training's mean) in training's standard deviations; null where training had no deviation. */
        shift: z.number().nullable(),
      })
      .nullable(),
  }),
);

/** What one isolate has done with one version of a model since it started. */
export const ModelStats = z.lazy(() =>
  z.strictObject({
    name: ModelName,
    version: ModelVersion,
    requests: z.number().int().nonnegative(),
    rows: z.number().int().nonnegative(),
    /** Requests that were answered with a problem. */
    errors: z.number().int().nonnegative(),
    drift: DriftSummary,
  }),
);

/** `GET /admin/stats`: every version that is served. */
export const AdminStats = z.lazy(() => z.strictObject({ models: z.array(ModelStats) }));

/** `POST /admin/reload`: what is served now. */
export const AdminReload = z.lazy(() =>
  z.strictObject({
    models: z.array(z.strictObject({ name: ModelName, version: ModelVersion })),
  }),
);

export type FeatureDrift = z.infer<typeof FeatureDrift>;
export type DriftSummary = z.infer<typeof DriftSummary>;
export type ModelStats = z.infer<typeof ModelStats>;
export type AdminStats = z.infer<typeof AdminStats>;
export type AdminReload = z.infer<typeof AdminReload>;
