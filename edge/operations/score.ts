import * as z from 'zod';
import { BatchAnswer, RowsBody } from '../../shared/api.ts';
import { confidenceOf, pValueOf } from '../../shared/conformal.ts';
import { graphSpec } from '../../shared/manifest.ts';
import { percentileOf } from '../../shared/quantile.ts';
import { shortestFloat } from '../../shared/shortestFloat.ts';
import { type Matrix, matrixOf, type NumberTensor, type Tensors } from '../../shared/tensor.ts';
import { type RunningModel, rowsOperation } from '../requests/operation.ts';
import { numeric } from '../requests/query.ts';
import { layoutOf } from '../requests/rows/layout.ts';
import { valuesOf } from '../requests/rows/values.ts';
import { Contribution, largest } from './contributions.ts';
import { reconstructedValues } from './expectedValues.ts';

const Score = z.lazy(() =>
  z.strictObject({
    error: z
      .number()
      .nonnegative()
      .describe('The reconstruction error: the mean squared difference over the features.'),
    score: z
      .number()
      .nonnegative()
      .describe(
        'The anomaly score: the reconstruction error, or the score that the model computes in its place.',
      ),
    percentile: z
      .number()
      .min(0)
      .max(100)
      .describe('The percentage of the training rows with a lower score.'),
    pValue: z
      .number()
      .gt(0)
      .max(1)
      .nullable()
      .describe(
        'The conformal p-value: among rows like the training rows, a share p has a p-value of at most p. Null for models of earlier releases.',
      ),
    isAnomaly: z
      .boolean()
      .nullable()
      .describe('True if the score is above the threshold; null if the confidence is below `minConfidence`.'),
    confidence: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe(
        'The probability of the same verdict if the threshold had been calibrated on other rows of the same kind. Null for models of earlier releases.',
      ),
    contributions: z
      .array(Contribution)
      .describe('The features that contribute most to the score, largest share first.'),
  }),
);

type Score = z.infer<typeof Score>;

/** `POST /v1/models/{name}[@{version}]/score`: anomaly scores, and the features behind them. */
export const score = rowsOperation({
  summary:
    'Scores rows for anomalies: score, p-value, verdict, its confidence, and the features that contribute most.',
  takes: 'rows',
  each: 'scores',
  graphs: ['autoencoder'],
  body: RowsBody,
  query: z.strictObject({
    threshold: numeric(z.number().nonnegative())
      .describe('Rows with a higher score are anomalies; by default, the threshold calibrated in training.')
      .optional(),
    minConfidence: numeric(z.number().min(0).max(1))
      .describe('Rows whose verdict has a lower confidence get none.')
      .optional(),
    top: numeric(z.number().int().min(0).max(100))
      .describe('The number of contributions per row; 3 by default.')
      .optional(),
  }),
  answer: z.lazy(() =>
    BatchAnswer.extend({
      threshold: z.number().nonnegative().describe('Rows with a higher score are anomalies.'),
      scores: z
        .array(Score.nullable())
        .describe('One result per row, in order; null for a row that cannot be answered.'),
    }),
  ),
  binary: 'The score of each row.',
  example: {
    request: { rows: [[6.9, 3.1, 4.9, 1.5]] },
    answer: {
      threshold: 0.021,
      scores: [
        {
          ...{ error: 0.028, score: 0.028, percentile: 98.4, pValue: 0.018 },
          ...{ isAnomaly: true, confidence: 0.86 },
          contributions: [
            { feature: 'sepal width', value: 3.1, expected: 2.89, error: 0.044, share: 0.39 },
            { feature: 'sepal length', value: 6.9, expected: 6.71, error: 0.036, share: 0.32 },
            { feature: 'petal width', value: 1.5, expected: 1.68, error: 0.032, share: 0.29 },
          ],
        },
      ],
    },
  },
  compared: {
    values: ({ score }) => new Map([['score', score as number]]),
    verdict: ({ isAnomaly }) => isAnomaly,
  },
  async run(model, inputs, { threshold, minConfidence = 0, top = 3 }) {
    const { reconstructionError, anomalyScore, calibration, features } = model.manifest;
    const { errors, featureErrors, scores, featureScores, reconstruction } = await judged(
      model,
      inputs,
      top > 0,
    );
    const value = valuesOf(features, layoutOf(model.manifest, 'autoencoder', 'rows'), inputs);
    const expected = reconstruction && reconstructedValues(features, reconstruction);
    const statistics = (anomalyScore ?? reconstructionError)!; // every model that offers this operation has one
    const limit = threshold ?? statistics.threshold;
    const { width } = featureErrors;
    const body = () => ({
      threshold: limit,
      scores: Array.from(scores.data, (score, row): Score => {
        const own = ({ data }: Matrix) => data.subarray(row * width, (row + 1) * width);
        const confidence = calibration === undefined ? null : confidenceOf(score, limit, calibration);
        return {
          error: shortestFloat(errors.data[row]!),
          score: shortestFloat(score),
          percentile: percentileOf(score, statistics.quantiles),
          pValue: calibration === undefined ? null : pValueOf(score, calibration),
          isAnomaly: (confidence ?? 1) < minConfidence ? null : score > limit,
          confidence,
          contributions: largest(own(featureScores), own(featureErrors), top).map(
            ({ position, ...each }): Contribution => ({
              feature: features.names?.[position] ?? position,
              value: value(row, position),
              expected: expected?.(row, position) ?? null,
              ...each,
            }),
          ),
        };
      }),
    });
    return { body, binary: scores, errors: errors.data };
  },
});

/**
 * Returns errors and anomaly scores; these are the same unless the model computes a score of its own. The
 * reconstruction is the one that they were computed from, if it is wanted and the model answers one.
 */
async function judged(model: RunningModel, inputs: Tensors, withReconstruction: boolean) {
  const { anomalyScore } = model.manifest;
  const isAnswered = graphSpec(model.manifest, 'autoencoder').outputs.some(
    ({ name }) => name === RECONSTRUCTION,
  );
  const outputs = [
    ...(['error', 'feature_error'] as const),
    ...(anomalyScore === undefined ? [] : (['anomaly_score', 'feature_anomaly_score'] as const)),
    ...(withReconstruction && isAnswered ? [RECONSTRUCTION] : []),
  ];
  // A row too far from the training rows to be decoded has a score all the same.
  const answers: Partial<Record<(typeof outputs)[number], NumberTensor>> = await model.run(
    'autoencoder',
    inputs,
    outputs,
    [RECONSTRUCTION],
  );
  const [errors, featureErrors] = [matrixOf(answers.error!), matrixOf(answers.feature_error!)];
  return {
    ...{ errors, featureErrors },
    scores: answers.anomaly_score ? matrixOf(answers.anomaly_score) : errors,
    featureScores: answers.feature_anomaly_score ? matrixOf(answers.feature_anomaly_score) : featureErrors,
    reconstruction: answers.reconstruction && matrixOf(answers.reconstruction),
  };
}

const RECONSTRUCTION = 'reconstruction' as const;
