/** The route of labels of the document. */
import { FeedbackAnswer, FeedbackRequest } from '../../shared/feedbackApi.ts';
import { JSON_TYPE } from '../requests/media.ts';
import type { Route } from './route.ts';

const EXAMPLE = { request_id: '0f0c2ab4-0000-4000-8000-00000000abcd', row: 0, label: true } as const;

export const FEEDBACK_ROUTES = {
  'POST /v1/feedback': {
    id: 'giveFeedback',
    tag: 'feedback',
    summary: 'Stores what rows have turned out to be, one label or a list, for training.',
    scope: 'infer',
    request: { [JSON_TYPE]: { schema: FeedbackRequest, example: EXAMPLE } },
    answers: {
      200: {
        description: 'The labels are stored.',
        content: { [JSON_TYPE]: { schema: FeedbackAnswer } },
      },
    },
    problems: [
      ...(['incomplete-body', 'malformed-json', 'invalid-body', 'body-too-large'] as const),
      ...(['unsupported-media-type', 'labels-not-stored', 'unknown-path'] as const),
    ],
  },
} as const satisfies Record<string, Route>;
