import * as z from 'zod';
import { BatchAnswer, RowsBody } from '../../shared/api.ts';
import { confidenceOf, pValueOf } from '../../shared/conformal.ts';
import type { Features } from '../../shared/features.ts';
import { percentileOf } from '../../shared/quantile.ts';
import { shortestFloat } from '../../shared/shortestFloat.ts';
import { type Matrix, matrixOf, type Tensors } from '../../shared/tensor.ts';
import { type RunningModel, rowsOperation } from '../requests/operation.ts';
import { numeric } from '../requests/query.ts';

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
      .array(
        z.strictObject({
          feature: z
            .union([z.string(), z.number().int()])
            .describe('The name of the feature, or its position.'),
          error: z.number().nonnegative().describe('The squared difference of the feature.'),
          share: z.number().min(0).max(1).describe('The share of the score of the row.'),
        }),
      )
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
            { feature: 'sepal width', error: 0.044, share: 0.39 },
            { feature: 'sepal length', error: 0.036, share: 0.32 },
            { feature: 'petal width', error: 0.032, share: 0.29 },
          ],
        },
      ],
    },
  },
  async run(model, inputs, { threshold, minConfidence = 0, top = 3 }) {
    const { reconstructionError, anomalyScore, calibration, features } = model.manifest;
    const { errors, featureErrors, scores, featureScores } = await judged(model, inputs);
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
          contributions: contributionsOf(own(featureScores), own(featureErrors), top, features),
        };
      }),
    });
    return { body, binary: scores, errors: errors.data };
  },
});

/** Returns errors and anomaly scores; these are the same unless the model computes a score of its own. */
async function judged(model: RunningModel, inputs: Tensors) {
  const ownScore = model.manifest.anomalyScore !== undefined;
  if (!ownScore) {
    const answers = await model.run('autoencoder', inputs, ['error', 'feature_error']);
    const [errors, featureErrors] = [matrixOf(answers.error), matrixOf(answers.feature_error)];
    return { errors, featureErrors, scores: errors, featureScores: featureErrors };
  }
  const answers = await model.run('autoencoder', inputs, OUTPUTS);
  return {
    errors: matrixOf(answers.error),
    featureErrors: matrixOf(answers.feature_error),
    scores: matrixOf(answers.anomaly_score),
    featureScores: matrixOf(answers.feature_anomaly_score),
  };
}

const OUTPUTS = ['error', 'feature_error', 'anomaly_score', 'feature_anomaly_score'] as const;

/** Returns the contributions of the `top` features with the largest scores, without sorting all of them. */
function contributionsOf(
  scores: Float32Array,
  errors: Float32Array,
  top: number,
  { names }: Features,
): Score['contributions'] {
  const total = scores.reduce((sum, score) => sum + score, 0);
  const largest: number[] = [];
  for (let i = 0; i < scores.length && top > 0; i++) {
    if (largest.length === top && scores[i]! <= scores[largest[top - 1]!]!) continue;
    const at = largest.findIndex((other) => scores[i]! > scores[other]!);
    largest.splice(at < 0 ? largest.length : at, 0, i);
    if (largest.length > top) largest.pop();
  }
  return largest.map((i) => ({
    feature: names?.[i] ?? i,
    error: shortestFloat(errors[i]!),
    // The sum is rounded, and may be less than the largest score alone.
    share: total === 0 ? 0 : shortestFloat(Math.fround(Math.min(1, scores[i]! / total))),
  }));
}
