/** Answers in the media type that the client accepts. */
import type { Context } from 'hono';
import type { Manifest } from '../../shared/manifest.ts';
import type { AppEnvironment } from '../environment.ts';
import { problemBody } from '../middleware/errors.ts';
import type { ProblemError } from '../problems.ts';
import { BINARY_TYPE, JSON_TYPE, NDJSON_TYPE } from './media.ts';
import { type Answer, binaryBytes, type Operation } from './operation.ts';
import { send } from './send.ts';

/** Header with the number of rows that have no answer, if there are any. */
export const UNANSWERED_HEADER = 'X-Unanswered-Rows';

/** Header with the number of categories that training did not see, if there are any. */
export const UNSEEN_HEADER = 'X-Unseen-Categories';

/** Returns the media types of an operation's answers. */
export function answerTypes({ kind, binary }: Pick<Operation, 'kind' | 'binary'>): readonly string[] {
  return [
    JSON_TYPE,
    ...(binary === undefined ? [] : [BINARY_TYPE]),
    ...(kind === 'rows' ? [NDJSON_TYPE] : []),
  ];
}

/** Sets the header about categories that training did not see. */
export function noteUnseen(c: Context<AppEnvironment>): void {
  const { unseen } = c.get('record');
  if (unseen > 0) c.header(UNSEEN_HEADER, `${unseen}`);
}

/** Responds with an answer in one piece. */
export function respond(
  c: Context<AppEnvironment>,
  manifest: Manifest,
  accepted: readonly string[],
  answer: Answer<unknown>,
): Response {
  noteUnseen(c);
  const { unanswered } = answer;
  const headers = {
    ...answer.headers,
    ...(unanswered && { [UNANSWERED_HEADER]: `${unanswered.rows.length}` }),
  };
  if (accepted[0] === BINARY_TYPE)
    return send(c, binaryBytes(answer), { ...headers, 'Content-Type': BINARY_TYPE });
  const text = JSON.stringify(httpBody(c, manifest, answer));
  return send(c, text, { ...headers, 'Content-Type': JSON_TYPE });
}

/** Returns the JSON body of an answer over HTTP. */
export function httpBody(c: Context, manifest: Manifest, answer: Answer<unknown>): object {
  return wholeBody(manifest, answer, (problem) => problemBody(problem, c));
}

/** Returns the JSON body of an answer with the members of every answer. */
export function wholeBody(
  { name, version }: Manifest,
  { body, unanswered, unseen }: Answer<unknown>,
  described: (problem: ProblemError) => object,
): object {
  const problems = unanswered?.problems.map(described) ?? [];
  return {
    model: name,
    version,
    ...body(),
    ...(problems.length > 0 && { problems }),
    ...(unseen && { unseen }),
  };
}
