import * as z from 'zod';
import { Answered, RowsBody } from '../../shared/api.ts';
import { confidenceOf, percentileOf, pValueOf } from '../../shared/conformal.ts';
import type { Features } from '../../shared/features.ts';
import { type Matrix, matrixOf, type Tensors } from '../../shared/tensor.ts';
import { type RunningModel, rowsOperation } from '../requests/operation.ts';
import { numeric } from '../requests/query.ts';

const Score = z.strictObject({
  error: z
    .number()
    .nonnegative()
    .describe('Reconstruction error: the mean squared difference over the features.'),
  score: z
    .number()
    .nonnegative()
    .describe('What the row is judged by: the error, or what the model was given in its place.'),
  percentile: z.number().min(0).max(100).describe('Percentage of the training rows with a smaller score.'),
  pValue: z
    .number()
    .gt(0)
    .max(1)
    .nullable()
    .describe(
      'Conformal: of rows like those trained on, a share p has a p-value of p or less. Null of models trained before there were such.',
    ),
  isAnomaly: z
    .boolean()
    .nullable()
    .describe('Whether the score is above the threshold; null where it is less sure than asked for.'),
  confidence: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe(
      'The chance that other rows of the same kind would have led to the same verdict. Null as the p-value is.',
    ),
  contributions: z
    .array(
      z.strictObject({
        feature: z.union([z.string(), z.number().int()]).describe('Its name, or its position.'),
        error: z.number().nonnegative().describe('Its squared difference.'),
        share: z.number().min(0).max(1).describe("Of the row's whole score."),
      }),
    )
    .describe('The features that the score is most due to, first the one with the largest share.'),
});

type Score = z.infer<typeof Score>;

/** `POST /v1/models/{name}[@{version}]/score`: how unlike the training data rows are, and in what. */
export const score = rowsOperation({
  summary:
    'Rows to anomaly scores: how unusual each is, a verdict, how sure that is, and the features to blame.',
  takes: 'rows',
  each: 'scores',
  graphs: ['autoencoder'],
  body: RowsBody,
  query: z.strictObject({
    threshold: numeric(z.number().nonnegative())
      .describe('Rows of a higher score are anomalies; the one calibrated in training where not given.')
      .optional(),
    minConfidence: numeric(z.number().min(0).max(1))
      .describe('Rows whose verdict is less sure get none.')
      .optional(),
    top: numeric(z.number().int().min(0).max(100))
      .describe('How many features to blame; 3 where not given.')
      .optional(),
  }),
  answer: z.lazy(() =>
    Answered.extend({
      threshold: z.number().nonnegative().describe('Rows of a higher score are anomalies.'),
      scores: z.array(Score).describe('One for each row.'),
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
    const statistics = anomalyScore ?? reconstructionError;
    const limit = threshold ?? statistics.threshold;
    const { width } = featureErrors;
    const body = () => ({
      threshold: limit,
      scores: Array.from(scores.data, (score, row): Score => {
        const own = ({ data }: Matrix) => data.subarray(row * width, (row + 1) * width);
        const confidence = calibration === undefined ? null : confidenceOf(score, limit, calibration);
        return {
          error: errors.data[row]!,
          score,
          percentile: percentileOf(score, statistics),
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

/** Errors, and what rows are judged by, which may be the same. */
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

/** Those of the `top` largest scores, without sorting them all. */
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
    error: errors[i]!,
    // The sum is of rounded numbers, and may be less than the largest of them alone.
    share: total === 0 ? 0 : Math.min(1, scores[i]! / total),
  }));
}
