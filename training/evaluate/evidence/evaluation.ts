/**
 * Schema of `evaluation.json`, the part of an evaluation that an artifact keeps: everything that its report
 * shows.
 */
import * as z from 'zod';

const Figure = z.number();
/** Figures that may be missing or infinite: null, for JSON has no NaN. */
const NullableFigures = z.array(z.number().nullable());

/** A layer as the architecture diagram shows it. */
export const DiagramLayer = z.strictObject({
  /** Name within the encoder or decoder, for instance `dense_0`. */
  name: z.string(),
  /** The ONNX operators that do the work, in order. */
  operators: z.array(z.string()),
  /** Shape of the layer's output; the batch is `N`. */
  shape: z.array(z.union([z.number().int(), z.string()])),
  /** Number of weights, each counted in the first layer that uses it. */
  parameters: z.number().int().nonnegative(),
  /** Indices of the layers, in the same encoder or decoder, whose outputs it takes. */
  from: z.array(z.number().int().nonnegative()),
});

/** Counts in bins of equal width from `low` to `high`. */
const Histogram = z.strictObject({
  low: Figure,
  high: Figure,
  counts: z.array(z.number().int()).readonly(),
});

/** Recall@10 of a search by the leading dimensions of a code. */
const Recall = z.strictObject({ dimensions: z.number().int().positive(), recall: Figure });

/** A row that is near to a query, and if it is among the ten nearest by the other search, too. */
const NearText = z.strictObject({ text: z.string(), isShared: z.boolean() });

/** Errors of impostor rows, and how well the error separates them from the test rows. */
export const Impostors = z.strictObject({
  errors: z.array(Figure),
  /** Area under the ROC curve: the probability that an impostor row has a larger error than a test row. */
  auroc: Figure,
});

export const Evaluation = z.strictObject({
  /** Number of test rows that the figures below are computed from: all, or the first that fit. */
  rows: z.number().int().positive(),
  layers: z.strictObject({ encoder: z.array(DiagramLayer), decoder: z.array(DiagramLayer) }),
  /** The reconstructed part of a row: all of it, or the part that the model outputs. */
  target: z.strictObject({
    shape: z.array(z.number().int().positive()),
    /** Best way to show it: as an image, as curves over positions or steps, or as a table of features. */
    kind: z.enum(['image', 'curves', 'table']),
    /** Features of a table; null for images and curves. */
    features: z
      .array(
        z.strictObject({
          name: z.string(),
          /**
           * Standard deviation over the training rows, as the model sees them; over all numbers that encode
           * the feature.
           */
          standardDeviation: Figure,
          /**
           * Categories, for each of which an example holds a probability; empty for a feature that is one
           * number.
           */
          categories: z.array(z.string()),
        }),
      )
      .nullable(),
    /** Smallest and largest value in the training rows. */
    range: z.tuple([Figure, Figure]),
  }),
  /**
   * Rows from best to worst reconstruction; empty for recommenders, and if a single row would be too large.
   */
  examples: z.array(
    z.strictObject({
      target: NullableFigures,
      /** Corrupted row that the reconstruction is computed from, for models trained on corrupted rows. */
      corrupted: NullableFigures.nullable(),
      reconstruction: NullableFigures,
      /** Mean squared error of this reconstruction. */
      error: Figure,
      label: z.string().nullable(),
    }),
  ),
  /** Mean squared error of each reconstructed feature, as the model sees it; null for recommenders. */
  featureErrors: NullableFigures.nullable(),
  /** Predictions for rows whose target is known; null without a predictor. */
  prediction: z
    .strictObject({
      target: z.string(),
      /** Class names of a classifier; null if numbers are predicted. */
      classes: z.array(z.string()).nullable(),
      /** Numbers, or indices of classes: -1 for a class that no training row had. */
      actual: z.array(Figure),
      /** Numbers, or indices of the most probable classes. */
      predicted: z.array(Figure),
    })
    .nullable(),
  /**
   * Titles of the items that some test users had and are recommended; null unless the model is a recommender.
   */
  recommendations: z
    .array(
      z.strictObject({
        /** Some of the items that the ranking is computed from. */
        given: z.array(z.string()),
        givenCount: z.number().int(),
        heldOutCount: z.number().int(),
        /** Best first. */
        recommended: z.array(z.strictObject({ title: z.string(), isHeldOut: z.boolean() })),
        /** NDCG@100 of the ranking. */
        ndcg: Figure,
      }),
    )
    .nullable()
    .default(null), // evaluations of earlier versions have none
  /**
   * How well a search by codes finds the rows that are nearest by cosine similarity: recall@10; null unless the codes
   * are made for that.
   */
  neighbours: z
    .strictObject({
      /** Number of test rows searched for, and of training rows that they are searched among. */
      queries: z.number().int().positive(),
      indexed: z.number().int().positive(),
      /** By the model's own codes, and by other projections to as many dimensions, each ascending. */
      own: z.array(Recall),
      /** By the whole codes as int8. */
      int8: Figure,
      baselines: z.record(z.string(), z.array(Recall)),
      /** Some queries by text, from best to worst recall; null if the rows have no texts. */
      texts: z
        .array(
          z.strictObject({
            query: z.string(),
            /** Recall@10 of this query. */
            recall: Figure,
            /** The nearest rows by vector, and by code: nearest first. */
            nearest: z.array(NearText),
            found: z.array(NearText),
          }),
        )
        .nullable()
        .default(null), // evaluations of earlier versions have none
    })
    .nullable()
    .default(null), // evaluations of earlier versions have none
  /** The units of a sparse code, over training rows; null for other codes. */
  units: z
    .strictObject({
      /** Number of rows that the following is counted over. */
      rows: z.number().int().positive(),
      /** Number of units that no row activates. */
      dead: z.number().int().nonnegative(),
      /** Most used first; only so many, and none if the rows have no texts. */
      named: z.array(
        z.strictObject({
          unit: z.number().int().nonnegative(),
          /** Share of the rows that activate it. */
          share: Figure,
          /** Texts of the rows that activate it most. */
          texts: z.array(z.string()),
        }),
      ),
    })
    .nullable()
    .default(null), // evaluations of earlier versions have none
  /** Columns of the table that the model does not use, with the reason. */
  ignored: z.array(z.strictObject({ name: z.string(), reason: z.string() })),
  code: z.strictObject({
    /**
     * Dimensions that the following figures describe, ascending: those of largest variance if there are too
     * many.
     */
    dimensions: z.array(z.number().int().nonnegative()),
    /** Standard deviation of each dimension. */
    spreads: z.array(Figure),
    histograms: z.array(Histogram),
    /** Pearson correlations, row-major; null for a constant dimension. */
    correlations: NullableFigures,
  }),
  /** Codes in at most three dimensions: the code itself, or its principal components. */
  scatter: z.strictObject({
    /** Name of each dimension. */
    axes: z.array(z.string()),
    points: z.array(z.array(Figure)),
    /** Label of each point, null if unknown; null if the data has no labels. */
    labels: z.array(z.string().nullable()).nullable(),
    /** Column that the labels come from, if any. */
    labelName: z.string().nullable(),
  }),
  /**
   * Reconstruction error of each row; null for recommenders, whose errors grow with the number of items of a
   * user.
   */
  errors: z.array(Figure).nullable(),
  /** Anomaly score of each row; null unless the model judges rows by a score in place of the error. */
  scores: z.array(Figure).nullable().default(null), // evaluations of earlier versions have none
  /**
   * Score and class (1: anomaly, 0: normal row) of each row with a label; null unless labels mark anomalies.
   */
  detection: z
    .strictObject({
      labelName: z.string().nullable(),
      scores: z.array(Figure),
      classes: z.array(z.number().int()),
      /** Alarms of all test rows at the model's threshold; evaluations of earlier versions have none. */
      alarms: z
        .strictObject({
          found: z.number().int(),
          anomalies: z.number().int(),
          falseAlarms: z.number().int(),
          others: z.number().int(),
        })
        .optional(),
    })
    .nullable()
    .default(null), // evaluations of earlier versions have none
  /**
   * Errors of impostor rows; null for recommenders, like `errors`. The figure is not the specificity (true
   * negative rate): the key keeps its first name so that existing artifacts still load.
   */
  specificity: z
    .strictObject({
      /** Each feature uniform in its range over the training rows. */
      noise: Impostors,
      /** Test rows with each column shuffled on its own: the same distributions, but unrelated columns. */
      shuffled: Impostors,
    })
    .nullable(),
});

export type DiagramLayer = z.infer<typeof DiagramLayer>;
export type Impostors = z.infer<typeof Impostors>;
export type NullableFigures = Readonly<z.infer<typeof NullableFigures>>;
export type NearText = z.infer<typeof NearText>;
export type Evaluation = z.infer<typeof Evaluation>;
export type EvaluatedFeature = NonNullable<Evaluation['target']['features']>[number];
export type ReconstructionExample = Evaluation['examples'][number];
