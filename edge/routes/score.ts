import * as z from 'zod';
import { Answered, RowsBody } from '../../shared/api.ts';
import type { Features } from '../../shared/features.ts';
import type { ReconstructionError } from '../../shared/manifest.ts';
import { matrixOf } from '../../shared/tensor.ts';
import { rowsOperation } from '../operations/operation.ts';
import { numeric } from '../operations/query.ts';

const Score = z.strictObject({
  error: z
    .number()
    .nonnegative()
    .describe('Reconstruction error: the mean squared difference over the features.'),
  percentile: z.number().min(0).max(100).describe('Percentage of the training rows with a smaller error.'),
  isAnomaly: z.boolean().describe('Whether the error is above the threshold.'),
  contributions: z
    .array(
      z.strictObject({
        feature: z.union([z.string(), z.number().int()]).describe('Its name, or its position.'),
        error: z.number().nonnegative().describe('Its squared difference.'),
        share: z.number().min(0).max(1).describe("Of the row's whole error."),
      }),
    )
    .describe('The features that are reconstructed worst, worst first.'),
});

type Score = z.infer<typeof Score>;

/** `POST /v1/models/{name}[@{version}]/score`: how unlike the training data rows are, and in what. */
export const score = rowsOperation({
  summary: 'Rows to anomaly scores: reconstruction error, percentile, verdict, and the features to blame.',
  takes: 'rows',
  graphs: ['autoencoder'],
  body: RowsBody,
  query: z.strictObject({
    threshold: numeric(z.number().nonnegative())
      .describe('Rows of a larger error are anomalies; the one calibrated in training where not given.')
      .optional(),
    top: numeric(z.number().int().min(0).max(100))
      .describe('How many features to blame; 3 where not given.')
      .optional(),
  }),
  answer: Answered.extend({
    threshold: z.number().nonnegative().describe('Rows of a larger error are anomalies.'),
    scores: z.array(Score).describe('One for each row.'),
  }),
  binary: 'The reconstruction error of each row.',
  example: {
    request: { rows: [[6.9, 3.1, 4.9, 1.5]] },
    answer: {
      threshold: 0.021,
      scores: [
        {
          ...{ error: 0.028, percentile: 98.4, isAnomaly: true },
          contributions: [
            { feature: 'sepal width', error: 0.044, share: 0.39 },
            { feature: 'sepal length', error: 0.036, share: 0.32 },
            { feature: 'petal width', error: 0.032, share: 0.29 },
          ],
        },
      ],
    },
  },
  async run(model, inputs, { threshold, top = 3 }) {
    const { reconstructionError, features } = model.manifest;
    const limit = threshold ?? reconstructionError.threshold;
    const answers = await model.run('autoencoder', inputs, ['error', 'feature_error']);
    const errors = matrixOf(answers.error);
    const { data, width } = matrixOf(answers.feature_error);
    const body = () => {
      const scores = Array.from(errors.data, (error, row): Score => {
        const own = data.subarray(row * width, (row + 1) * width);
        return {
          error,
          percentile: percentileOf(error, reconstructionError),
          isAnomaly: error > limit,
          contributions: contributionsOf(own, top, features),
        };
      });
      return { threshold: limit, scores };
    };
    return { body, binary: errors, errors: errors.data };
  },
});

/** Where an error lies among those of the training rows, between its quantiles linearly. */
function percentileOf(error: number, { quantiles }: ReconstructionError): number {
  const above = quantiles.findIndex((quantile) => quantile > error);
  if (above < 0) return 100;
  if (above === 0) return 0;
  const [low, high] = [quantiles[above - 1]!, quantiles[above]!];
  return above - 1 + (error - low) / (high - low);
}

/** The `top` largest, without sorting them all. */
function contributionsOf(errors: Float32Array, top: number, { names }: Features): Score['contributions'] {
  const total = errors.reduce((sum, error) => sum + error, 0);
  const largest: number[] = [];
  for (let i = 0; i < errors.length && top > 0; i++) {
    if (largest.length === top && errors[i]! <= errors[largest[top - 1]!]!) continue;
    const at = largest.findIndex((other) => errors[i]! > errors[other]!);
    largest.splice(at < 0 ? largest.length : at, 0, i);
    if (largest.length > top) largest.pop();
  }
  return largest.map((i) => ({
    feature: names?.[i] ?? i,
    error: errors[i]!,
    // The sum is of rounded numbers, and may be less than the largest of them alone.
    share: total === 0 ? 0 : Math.min(1, errors[i]! / total),
  }));
}
