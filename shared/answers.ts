/**
 * `answers.json` of an artifact: known answers, rows with the model's answers for them, to test deployments
 * against.
 */
import * as z from 'zod';

/**
 * Operations whose answer is a matrix that depends on the rows alone, and the member of the answer that holds
 * it.
 */
export const ANSWERED = {
  encode: 'codes',
  reconstruct: 'rows',
  predict: 'predictions',
} as const;

export type AnsweredOperation = keyof typeof ANSWERED;

const KnownRow = z.array(z.union([z.number(), z.string(), z.null()]));

export const KnownAnswers = z.strictObject({
  /** Rows in the form that the API takes; null is a missing value. */
  rows: z.array(KnownRow).min(1),
  /** The `[rows, width]` answer of each offered operation, computed by onnxruntime-node. */
  answers: z.partialRecord(
    z.enum(['encode', 'reconstruct', 'predict']),
    z.array(z.array(z.number().nullable())),
  ),
});

export type KnownAnswers = z.infer<typeof KnownAnswers>;

/** The name of the file, in an artifact and in a bucket. */
export const ANSWERS_FILE = 'answers.json';
