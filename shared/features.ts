/** Features of a model's rows, as its manifest describes them; `lazy`, as the manifest's own schemas are. */
// A namespace import: through the named export `z`, every locale of zod (64 KiB gzip) would be uploaded with
// the Worker.
import * as z from 'zod';

/** One number per feature; null for a category, and if it was never measured. */
const PerFeature = z.array(z.number().nullable());

/** Per-feature statistics of the training rows, in raw units, in feature order. */
export const FeatureStatistics = z.lazy(() =>
  z.strictObject({
    mean: PerFeature.describe('Mean of each feature; null for a category, or if it is unknown.'),
    standardDeviation: PerFeature.describe(
      'Standard deviation of each feature; null for a category, or if it is unknown.',
    ),
    min: PerFeature.describe('Minimum of each feature; null for a category, or if it is unknown.'),
    max: PerFeature.describe('Maximum of each feature; null for a category, or if it is unknown.'),
  }),
);

/** The preprocessing of one column inside the graphs. */
export const FeatureColumn = z.lazy(() =>
  z.strictObject({
    type: z.enum(['number', 'boolean', 'category']).describe('The type of the column.'),
    optional: z
      .boolean()
      .describe(
        'True if a row may leave the value out: the graphs impute it, or treat it as a value of its own.',
      ),
    transforms: z
      .array(
        z.strictObject({
          transform: z.string().describe('The name of the transform.'),
          options: z.record(z.string(), z.unknown()).describe('Its options.'),
          statistics: z
            .record(z.string(), z.unknown())
            .describe('Its parameters, fitted to the training rows.'),
        }),
      )
      .describe('The transforms of the column, in the order in which they are applied.'),
    categories: z
      .array(z.string())
      .describe(
        'The categories of the column, in order: a reconstruction holds the probability of each. A column of numbers has one value there, in its own unit.',
      )
      .optional(),
  }),
);

/** Axes of images, in the order of a row's shape. */
export const ImageLayout = z.enum(['HW', 'HWC', 'CHW']);

/**
 * The features of a row, as graphs take them: `rows [N, count]`, or an input `[N, 1]` each if some are
 * categories.
 */
export const Features = z.lazy(() =>
  z.strictObject({
    count: z.number().int().positive().describe('The number of features.'),
    dtype: z.literal('float32').describe('The element type of numbers.'),
    names: z
      .array(z.string())
      .nullable()
      .describe('One name per feature, or null if features are positions, as in an image.'),
    ignored: z
      .array(z.string())
      .describe(
        'Columns of the training table that are no features: rows may hold them by name, and they are ignored.',
      )
      .optional(),
    units: z.array(z.string()).nullable().describe('One unit per feature, or null if they have none.'),
    rowShape: z
      .array(z.number().int().positive())
      .describe('The shape of one row, for instance [28, 28]; [count] if a row is flat.'),
    imageLayout: ImageLayout.nullable()
      .describe(
        'The axes of `rowShape` (height, width, channels) if rows are images, which may be sent as PNG; null if they are not. Absent for models that were trained here: rows of shape [height, width] or [height, width, channels] are images if no training value exceeds 1.',
      )
      .optional(),
    white: z
      .union([z.literal(1), z.literal(255)])
      .describe('The value of a white pixel, if rows are images; black is 0. Absent if it is 1.')
      .optional(),
    statistics: FeatureStatistics.describe('Statistics of the training rows, in raw units.'),
    optional: z
      .boolean()
      .describe(
        'True if a row may leave out any feature. With `columns`, each column has a flag of its own.',
      ),
    columns: z
      .array(FeatureColumn)
      .describe('One entry per feature, if the graphs preprocess columns themselves.')
      .optional(),
  }),
);

export type ImageLayout = z.infer<typeof ImageLayout>;
export type Features = z.infer<typeof Features>;
export type FeatureColumn = z.infer<typeof FeatureColumn>;
export type FeatureStatistics = z.infer<typeof FeatureStatistics>;
