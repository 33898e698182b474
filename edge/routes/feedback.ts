/** `POST /v1/feedback`: labels of rows that were answered before. */
import { Hono } from 'hono';
import * as z from 'zod';
import {
  Feedback,
  type FeedbackAnswer,
  FeedbackList,
  type FeedbackRequest,
} from '../../shared/feedbackApi.ts';
import type { AppEnvironment } from '../environment.ts';
import { ProblemError } from '../problems.ts';
import { JSON_TYPE, requestMediaType } from '../requests/media.ts';
import { checkedBody, parseBody } from '../requests/parseBody.ts';
import { readBody } from '../requests/readBody.ts';
import { lineOf, type RowsBinding, writeLines } from '../rowLog/sink.ts';

/** The types of the route for Hono's typed client. */
type Schema = {
  '/v1/feedback': {
    $post: { input: { json: FeedbackRequest }; output: FeedbackAnswer; outputFormat: 'json'; status: 200 };
  };
};

const RETRY_SECONDS = 5;

/**
 * Creates the route of labels, which are stored before they are answered.
 *
 * @example
 * app.route('/', feedback(bindings.rows));
 */
export function feedback(binding: RowsBinding | undefined): Hono<AppEnvironment, Schema> {
  return new Hono<AppEnvironment>().post('/v1/feedback', async (c) => {
    if (binding === undefined) {
      const detail =
        'Labels are off in this Worker: wrangler.toml has no binding ROWS. Add it, and serve or deploy the Worker again.';
      throw new ProblemError('unknown-path', { detail });
    }
    requestMediaType(c.req.raw.headers, [JSON_TYPE]);
    const body = parseBody(z.unknown(), await readBody(c.req.raw, c.var));
    const labels = Array.isArray(body) ? checkedBody(FeedbackList, body) : [checkedBody(Feedback, body)];
    const time = new Date().toISOString();
    const lines = labels.map((label) => lineOf({ kind: 'label', time, ...label }));
    try {
      await writeLines(binding, lines);
    } catch (cause) {
      const detail = 'The labels could not be stored.';
      const headers = { 'Retry-After': `${RETRY_SECONDS}` };
      throw new ProblemError('labels-not-stored', { detail }, { headers, cause });
    }
    return c.json({ stored: labels.length }, 200);
  }) as unknown as Hono<AppEnvironment, Schema>;
}
