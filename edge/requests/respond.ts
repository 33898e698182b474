/** Answers in the media type that the client accepts. */
import type { Context } from 'hono';
import type { Manifest } from '../../shared/manifest.ts';
import { bytesOf } from '../../shared/tensor.ts';
import type { AppEnvironment } from '../environment.ts';
import { BINARY_TYPE, JSON_TYPE, NDJSON_TYPE } from './media.ts';
import type { Answer, Operation } from './operation.ts';

/** Returns the media types of an operation's answers. */
export function answerTypes({ kind, binary }: Pick<Operation, 'kind' | 'binary'>): readonly string[] {
  return [
    JSON_TYPE,
    ...(binary === undefined ? [] : [BINARY_TYPE]),
    ...(kind === 'rows' ? [NDJSON_TYPE] : []),
  ];
}

/** Responds with an answer in one piece. */
export function respond(
  c: Context<AppEnvironment>,
  manifest: Manifest,
  accepted: readonly string[],
  answer: Answer<unknown>,
): Response {
  const { body, binary, headers } = answer;
  if (accepted[0] === BINARY_TYPE)
    return c.body(bytesOf(binary!), 200, { ...headers, 'Content-Type': BINARY_TYPE });
  return c.json(wholeBody(manifest, body()), 200, headers);
}

/** Adds the members of every answer to a JSON body. */
export function wholeBody({ name, version }: Manifest, body: object): object {
  return { model: name, version, ...body };
}
