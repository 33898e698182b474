/** Answers in the form that the client wants. */
import type { Context } from 'hono';
import type { Manifest } from '../../shared/manifest.ts';
import type { Matrix } from '../../shared/tensor.ts';
import type { AppEnvironment } from '../environment.ts';
import { BINARY_TYPE, JSON_TYPE, NDJSON_TYPE } from './media.ts';
import type { Answer, Operation } from './operation.ts';

/** The forms of an operation's answers. */
export function answerTypes({ kind, binary }: Pick<Operation, 'kind' | 'binary'>): readonly string[] {
  return [
    JSON_TYPE,
    ...(binary === undefined ? [] : [BINARY_TYPE]),
    ...(kind === 'rows' ? [NDJSON_TYPE] : []),
  ];
}

/** One answer, whole. */
export function respond(
  c: Context<AppEnvironment>,
  manifest: Manifest,
  accepted: readonly string[],
  answer: Answer<unknown>,
): Response {
  const { body, binary, headers } = answer;
  if (accepted[0] === BINARY_TYPE)
    return c.body(toBytes(binary!), 200, { ...headers, 'Content-Type': BINARY_TYPE });
  return c.json(wholeBody(manifest, body()), 200, headers);
}

/** The JSON body with the members that every answer has. */
export function wholeBody({ name, version }: Manifest, body: object): object {
  return { model: name, version, ...body };
}

/** The values as they are in memory, without a copy; Workers run on little-endian machines only. */
export function toBytes({ data }: Matrix): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
