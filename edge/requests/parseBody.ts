/** JSON bodies: from bytes to what a schema says. */
import type * as z from 'zod';
import { ProblemError } from '../problems.ts';
import { assertNesting } from './nesting.ts';

/** Zod names every unknown member in its message, however many there are. */
const MAX_DETAIL = 300;

/**
 * The body as its schema has it.
 * @throws {ProblemError} `malformed-json`, or `invalid-body` naming the members that are wrong.
 */
export function parseBody<Body>(schema: z.ZodType<Body>, bytes: Uint8Array<ArrayBuffer>): Body {
  return checkedBody(schema, parseJson(bytes));
}

/** @throws {ProblemError} `invalid-body` naming the members that are wrong. */
export function checkedBody<Body>(schema: z.ZodType<Body>, value: unknown): Body {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ProblemError('invalid-body', { detail: issuesOf(result.error) });
}

/** What is wrong, and where. */
export function issuesOf({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => [...path, message].join(': '))
    .join('; ')
    .slice(0, MAX_DETAIL);
}

/** Within the limits of nesting. RFC 8259, section 8.1: JSON is UTF-8, and a byte sequence that is not is an error, not a replacement character. */
function parseJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  assertNesting(bytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : 'it is not UTF-8';
    const detail = `The body does not parse as JSON: ${reason}`;
    throw new ProblemError('malformed-json', { detail }, { cause });
  }
}
