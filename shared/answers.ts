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

/** Operations that known answers test. */
export type ProbedOperation = AnsweredOperation | 'recommend';

const KnownRow = z.array(z.union([z.number(), z.string(), z.null()]));

export const KnownAnswers = z.strictObject({
  /** Rows in the form that the API takes; null is a missing value. Empty for recommenders. */
  rows: z.array(KnownRow),
  /** The `[rows, width]` answer of each offered operation, computed by onnxruntime-node. */
  answers: z.partialRecord(
    z.enum(['encode', 'reconstruct', 'predict']),
    z.array(z.array(z.number().nullable())),
  ),
  /** Of recommenders: the items of a made-up user, and what is recommended for them, best first. */
  recommend: z
    .strictObject({
      items: z.array(z.string()).min(1),
      recommended: z.array(z.strictObject({ item: z.string(), score: z.number() })).min(1),
    })
    .optional(),
});

export type KnownAnswers = z.infer<typeof KnownAnswers>;

/** The name of the file, in an artifact and in a bucket. */
export const ANSWERS_FILE = 'answers.json';
