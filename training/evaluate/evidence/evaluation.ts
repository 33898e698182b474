/** What an artifact keeps of its evaluation, in `evaluation.json`: all that its report shows and nothing larger. */
import * as z from 'zod';

const Figure = z.number();
/** JSON has no NaN: a value that is missing or infinite is null. */
const Values = z.array(z.number().nullable());

/** A layer as the architecture diagram shows it. */
export const DiagramLayer = z.strictObject({
  /** Of the part, for instance `dense_0`. */
  name: z.string(),
  /** The ONNX operators that do the work, in order. */
  operators: z.array(z.string()),
  /** Of what leaves the layer; the batch is `N`. */
  shape: z.array(z.union([z.number().int(), z.string()])),
  /** Number of weights, each counted in the first layer that uses it. */
  parameters: z.number().int().nonnegative(),
  /** Indices of the layers of the same part whose output it takes. */
  from: z.array(z.number().int().nonnegative()),
});

/** Counts in bins of equal width from `low` to `high`. */
const Histogram = z.strictObject({
  low: Figure,
  high: Figure,
  counts: z.array(z.number().int()).readonly(),
});

/** Errors of rows that are none, and how well the error tells them from the test rows. */
export const Impostors = z.strictObject({
  errors: z.array(Figure),
  /** Probability that such a row has a larger error than a test row: the area under the ROC curve. */
  auroc: Figure,
});

export const Evaluation = z.strictObject({
  /** How many test rows the figures below are of: all, or as many as fit. */
  rows: z.number().int().positive(),
  layers: z.strictObject({ encoder: z.array(DiagramLayer), decoder: z.array(DiagramLayer) }),
  /** What is reconstructed: the rows, or the part of them that the model answers with. */
  target: z.strictObject({
    shape: z.array(z.number().int().positive()),
    /** What shows it best: a picture, curves over positions or steps, or a table of its features. */
    kind: z.enum(['image', 'curves', 'table']),
    /** The features of a table; null of the others. */
    features: z
      .array(
        z.strictObject({
          name: z.string(),
          /** In the training rows, of the numbers that the model sees: of several, of all of them together. */
          standardDeviation: Figure,
          /** What so many values of an example are the probabilities of; none of a number, which is one value. */
          categories: z.array(z.string()),
        }),
      )
      .nullable(),
    /** Its least and its largest value in the training rows. */
    range: z.tuple([Figure, Figure]),
  }),
  /** Rows from the best to the worst reconstructed; none where one alone would be too large, and of recommenders. */
  examples: z.array(
    z.strictObject({
      target: Values,
      /** What is reconstructed from in place of the target, for models that are trained on corrupted rows. */
      corrupted: Values.nullable(),
      reconstruction: Values,
      /** Of this reconstruction. */
      error: Figure,
      label: z.string().nullable(),
    }),
  ),
  /** Mean squared error of every feature that is reconstructed, of the numbers that the model sees; not of recommenders. */
  featureErrors: Values.nullable(),
  /** What a predictor says of the rows whose target is known, beside the target. */
  prediction: z
    .strictObject({
      target: z.string(),
      /** Of a classifier, of which the most probable one is what it says; null of numbers. */
      classes: z.array(z.string()).nullable(),
      /** Numbers, or places among the classes: -1 for one that no training row had. */
      actual: z.array(Figure),
      predicted: z.array(Figure),
    })
    .nullable(),
  /** Of a recommender: what some test users had, and what they are recommended, by title; null of others. */
  recommendations: z
    .array(
      z.strictObject({
        /** Some of what the ranking is made from. */
        given: z.array(z.string()),
        givenCount: z.number().int(),
        heldOutCount: z.number().int(),
        /** Best first. */
        recommended: z.array(z.strictObject({ title: z.string(), isHeldOut: z.boolean() })),
        /** At 100. */
        ndcg: Figure,
      }),
    )
    .nullable()
    .default(null), // evaluations of earlier versions have none
  /** Columns of the table that the model does not see, and why. */
  ignored: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  code: z.strictObject({
    /** Which dimensions the following are of: those of largest variance where there are too many, ascending. */
    dimensions: z.array(z.number().int().nonnegative()),
    /** Standard deviations. */
    spreads: z.array(Figure),
    histograms: z.array(Histogram),
    /** Pearson's, row-major; null where a dimension is constant. */
    correlations: Values,
  }),
  /** The code in at most three dimensions: as it is, or its principal components. */
  scatter: z.strictObject({
    /** One name per dimension. */
    axes: z.array(z.string()),
    points: z.array(z.array(Figure)),
    /** One per point, null where it is not known; null where the data has none. */
    labels: z.array(z.string().nullable()).nullable(),
    /** What the labels are of, where they are a column. */
    labelName: z.string().nullable(),
  }),
  /** Reconstruction error of every row; not of recommenders, whose errors grow with how many items a user has. */
  errors: z.array(Figure).nullable(),
  /** Where labels tell anomalies: what each row that has one is judged by, and 1 for an anomaly or 0. */
  detection: z
    .strictObject({
      labelName: z.string().nullable(),
      scores: z.array(Figure),
      classes: z.array(z.number().int()),
    })
    .nullable()
    .default(null), // evaluations of earlier versions have none
  /** Like the errors. */
  specificity: z
    .strictObject({
      /** Every feature uniform in the range that it has in the training rows. */
      noise: Impostors,
      /** Values of test rows, each feature's from another row: as distributed as they are, but unrelated. */
      shuffled: Impostors,
    })
    .nullable(),
});

export type DiagramLayer = z.infer<typeof DiagramLayer>;
export type Impostors = z.infer<typeof Impostors>;
export type Evaluation = z.infer<typeof Evaluation>;
