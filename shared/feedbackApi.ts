/** Bodies of `POST /v1/feedback`. */
import * as z from 'zod';

/** Labels of one request. */
export const MAX_LABELS = 1024;

/** The forms of `X-Request-Id` that are taken over: a UUID, or 32 hex digits. They carry nothing else. */
export const REQUEST_ID = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32})$/i;

/** A label of a row that was answered. */
export const Feedback = z.lazy(() =>
  z.strictObject({
    request_id: z
      .string()
      .regex(REQUEST_ID, 'expected the X-Request-Id of an answer: a UUID, or 32 hex digits')
      .describe('The `X-Request-Id` of the answer.'),
    row: z
      .number()
      .int()
      .nonnegative()
      .default(0)
      .describe('The position of the row in its request, from 0.'),
    label: z
      .union([z.number(), z.string().max(256), z.boolean()], 'expected a number, text or a boolean')
      .describe('What the row has turned out to be, in the form of the label column of the training table.'),
  }),
);

/** One label, or a list. */
export const FeedbackRequest = z.lazy(() => z.union([Feedback, FeedbackList]));

export const FeedbackList = z.lazy(() =>
  z
    .array(Feedback)
    .min(1, 'expected at least one label')
    .max(MAX_LABELS, `expected up to ${MAX_LABELS} labels`),
);

export const FeedbackAnswer = z.lazy(() =>
  z.strictObject({ stored: z.number().int().positive().describe('The number of labels.') }),
);

export type FeedbackRequest = z.input<typeof FeedbackRequest>;
export type FeedbackAnswer = z.infer<typeof FeedbackAnswer>;
