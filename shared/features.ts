/** What a manifest says of the features of a model's rows. */
// A namespace import: through the named export `z`, every locale of zod (64 KiB gzip) would be uploaded with the Worker.
import * as z from 'zod';

/** One number per feature, null for a category. */
const PerFeature = z.array(z.number().nullable());

/** Per-feature statistics of the training rows, in raw units, in feature order. */
export const FeatureStatistics = z.strictObject({
  mean: PerFeature,
  standardDeviation: PerFeature,
  min: PerFeature,
  max: PerFeature,
});

/** What becomes of a column inside the graphs, before the model sees it. */
export const FeatureColumn = z.strictObject({
  type: z.enum(['number', 'boolean', 'category']),
  /**
   * Whether a row may leave it out, as NaN or the empty string: the graphs impute it, or take it to be a value of its own.
   */
  optional: z.boolean(),
  /** In the order in which they are applied, with what was fitted on the training rows. */
  transforms: z.array(
    z.strictObject({
      transform: z.string(),
      options: z.record(z.string(), z.unknown()),
      statistics: z.record(z.string(), z.unknown()),
    }),
  ),
  /**
   * Of a category: what its values in a reconstruction are the probabilities of, in order; a column of numbers has one
   * value there, in its own unit.
   */
  categories: z.array(z.string()).optional(),
});

/** The features of a row as graphs take them: `rows [N, count]`, or an input `[N, 1]` each if some are categories. */
export const Features = z.strictObject({
  count: z.number().int().positive(),
  dtype: z.literal('float32'),
  /** One name per feature, or null where features are positions, as in an image. */
  names: z.array(z.string()).nullable(),
  /** One unit per feature, or null where they have none. */
  units: z.array(z.string()).nullable(),
  /** Shape of one row where it has one, for instance `[28, 28]`; otherwise `[count]`. */
  rowShape: z.array(z.number().int().positive()),
  statistics: FeatureStatistics,
  /** Whether a row may leave out any feature: a number as NaN. With `columns`, each also says it for itself. */
  optional: z.boolean(),
  /** One per feature, where the graphs preprocess columns themselves. */
  columns: z.array(FeatureColumn).optional(),
});

export type Features = z.infer<typeof Features>;
export type FeatureColumn = z.infer<typeof FeatureColumn>;
export type FeatureStatistics = z.infer<typeof FeatureStatistics>;
