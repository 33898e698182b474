/** Bodies of the administration API, `/admin`: one schema each. */
import * as z from 'zod';
import { ModelName, ModelVersion } from './manifest.ts';

const served = {
  name: ModelName.describe('The name of the model.'),
  version: ModelVersion.describe('The version of the model.'),
};

/** The drift of one feature: the rows seen against the training rows. */
export const FeatureDrift = z.lazy(() =>
  z.strictObject({
    feature: z
      .union([z.string(), z.number().int().nonnegative()])
      .describe('The name of the feature, or its position if features have no names.'),
    mean: z.number().describe('Mean of the rows seen.'),
    standardDeviation: z.number().nonnegative().describe('Standard deviation of the rows seen.'),
    shift: z
      .number()
      .nonnegative()
      .nullable()
      .describe(
        'Absolute difference between this mean and that of training, in standard deviations of training; null if the feature was constant in training.',
      ),
    varianceRatio: z
      .number()
      .nonnegative()
      .nullable()
      .describe('Variance divided by that of training; null if the feature was constant in training.'),
    missing: z.number().min(0).max(1).describe('Share of rows without a value.'),
  }),
);

/** Categories of one feature that the training rows do not have. */
export const CategoryDrift = z.lazy(() =>
  z.strictObject({
    feature: z
      .union([z.string(), z.number().int().nonnegative()])
      .describe('The name of the feature, or its position if features have no names.'),
    unseen: z.number().gt(0).max(1).describe('Share of rows with a category that training did not see.'),
  }),
);

/** The drift of one model: the rows seen against the training rows. */
export const DriftSummary = z.lazy(() =>
  z.strictObject({
    rows: z
      .number()
      .nonnegative()
      .describe('Weight of the sampled rows behind these figures; older rows count less.'),
    // The shift of each feature is capped at 1. Chance alone gives a score of about 0.8 / sqrt(rows).
    score: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe(
        'Mean shift over the features: 0 if nothing has moved, 1 if every mean has moved by a standard deviation or more. Null before the first row.',
      ),
    features: z.array(FeatureDrift).describe('The features that have shifted most, at most 10.'),
    categories: z
      .array(CategoryDrift)
      .describe('The features with categories that training did not see, at most 10; largest share first.')
      // Workers of earlier releases do not count them.
      .default([]),
    reconstructionError: z
      .strictObject({
        rows: z.number().positive().describe('Weight of the rows whose error was measured.'),
        mean: z.number().nonnegative().describe('Mean reconstruction error.'),
        standardDeviation: z.number().nonnegative().describe('Standard deviation of the error.'),
        shift: z
          .number()
          .nullable()
          .describe(
            'Difference between this mean and that of training, in standard deviations of training; null if the error was constant in training.',
          ),
      })
      .nullable()
      .describe('Drift of the reconstruction error; null if no operation has measured it.'),
  }),
);

/** Activity of one version of a model in one isolate since its start. */
export const ModelStats = z.lazy(() =>
  z.strictObject({
    ...served,
    requests: z.number().int().nonnegative().describe('Requests answered.'),
    rows: z.number().int().nonnegative().describe('Rows received.'),
    errors: z.number().int().nonnegative().describe('Requests answered with a problem.'),
    durations: z
      .array(z.number().int().nonnegative())
      .describe('Requests by duration: one number for each of durationBounds, and one for longer requests.'),
    drift: DriftSummary.describe('Drift of the inputs and of the reconstruction error since training.'),
  }),
);

/** The isolate of a version. */
export const IsolateStats = z.lazy(() =>
  z.strictObject({
    version: z.string().describe('The version that runs in it, as name@version.'),
    part: z
      .number()
      .int()
      .positive()
      .describe(
        'Which part of the version runs in it, from 1: several run one whose graphs do not fit in one.',
      ),
    starts: z
      .number()
      .int()
      .nonnegative()
      .describe(
        'How often its module was handed over: 0 if another isolate of this Worker had started it, more than 1 if the platform had ended it since.',
      ),
    replaced: z
      .number()
      .int()
      .nonnegative()
      .describe('How often it ended while it was called, and another one took its place.'),
  }),
);

const Durations = z.array(z.number().int().nonnegative());

/** What a version in production and its shadow have answered to the same requests, in one isolate since its start. */
export const ShadowStats = z.lazy(() =>
  z.strictObject({
    name: served.name,
    production: ModelVersion.describe('The version that answered the clients.'),
    shadow: ModelVersion.describe('The version whose answers nobody saw.'),
    operation: z.string().describe('The operation that both were asked for.'),
    requests: z.number().int().nonnegative().describe('Copied requests that both have answered.'),
    rows: z.number().int().nonnegative().describe('Rows of these requests, or users of a recommender.'),
    errors: z.number().int().nonnegative().describe('Copied requests that the shadow could not answer.'),
    dropped: z
      .number()
      .int()
      .nonnegative()
      .describe('Requests that were not copied: the isolate was busy, or they were too large.'),
    values: z
      .strictObject({
        count: z.number().int().positive().describe('Pairs of numbers that were compared.'),
        meanDifference: z.number().nonnegative().describe('Mean of their absolute differences.'),
        largestDifference: z.number().nonnegative().describe('The largest of them.'),
      })
      .nullable()
      .describe(
        'Numbers that mean the same in both answers, such as scores and codes; null if there were none.',
      ),
    verdicts: z
      .strictObject({
        rows: z.number().int().positive().describe('Rows with a verdict.'),
        differing: z.number().int().nonnegative().describe('Rows for which it is another one.'),
      })
      .nullable()
      .describe(
        'Rows that are an anomaly or not, or have a class or a first item, or an answer of one version only; null if there were none.',
      ),
    durations: Durations.describe('Answers of the shadow by duration, as those of models.'),
    productionDurations: Durations.describe('Those of the version in production.'),
  }),
);

/** `GET /admin/stats`: every served version. */
export const AdminStats = z.lazy(() =>
  z.strictObject({
    isolate: z
      .string()
      .describe('An identifier of the isolate that answers, chosen at random when it starts.'),
    durationBounds: z.array(z.number().positive()).describe('Upper bounds of the durations, in seconds.'),
    models: z.array(ModelStats).describe('Every served version of every model.'),
    shadows: z
      .array(ShadowStats)
      .describe('Shadows that this isolate has asked, by operation.')
      // Workers of earlier releases have none.
      .default([]),
    isolates: z
      .array(IsolateStats)
      .nullable()
      .describe(
        'The frozen isolates that this one has started for versions; null if all versions run in this one: it was built with another RUNTIME than "dynamic", or has no binding LOADER.',
      )
      // Workers of earlier releases have none.
      .default(null),
  }),
);

/** `POST /admin/reload`: the versions served after the reload. */
export const AdminReload = z.lazy(() =>
  z.strictObject({
    models: z.array(z.strictObject(served)).describe('Every version served after the reload.'),
  }),
);

export type FeatureDrift = z.infer<typeof FeatureDrift>;
export type CategoryDrift = z.infer<typeof CategoryDrift>;
export type DriftSummary = z.infer<typeof DriftSummary>;
export type ModelStats = z.infer<typeof ModelStats>;
export type ShadowStats = z.infer<typeof ShadowStats>;
export type AdminStats = z.infer<typeof AdminStats>;
export type AdminReload = z.infer<typeof AdminReload>;
