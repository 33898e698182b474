/** `answers.json`, a file of an artifact: rows with what the model answers for them, to see that a service gives the same. */
import * as z from 'zod';

/** Operations whose answer for rows is a matrix that nothing but the rows decides, and the member that has it. */
export const ANSWERED = {
  encode: 'codes',
  reconstruct: 'rows',
  predict: 'predictions',
} as const;

export type AnsweredOperation = keyof typeof ANSWERED;

const KnownRow = z.array(z.union([z.number(), z.string(), z.null()]));

export const KnownAnswers = z.strictObject({
  /** In the form in which the API takes them: null is missing. */
  rows: z.array(KnownRow).min(1),
  /** `[rows, width]` of each operation that the model offers, as onnxruntime-node gave it. */
  answers: z.partialRecord(
    z.enum(['encode', 'reconstruct', 'predict']),
    z.array(z.array(z.number().nullable())),
  ),
});

export type KnownAnswers = z.infer<typeof KnownAnswers>;

/** The file's name in an artifact, and beside the manifest in a bucket. */
export const ANSWERS_FILE = 'answers.json';
