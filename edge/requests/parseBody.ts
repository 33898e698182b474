/** JSON bodies: from bytes to a value checked by a schema. */
import type * as z from 'zod';
import { ProblemError } from '../problems.ts';
import { excessOf } from '../runtime/jsonExcess.ts';

/** Maximum length of a detail: zod's message names every unknown member, however many there are. */
const MAX_DETAIL = 300;

/**
 * Parses a body and checks it against its schema.
 * @param repaired Returns the JSON that a text which does not parse stands for; by default, there is none.
 * @throws {ProblemError} `malformed-json`, or `invalid-body` naming the members that are wrong.
 */
export function parseBody<Body>(
  schema: z.ZodType<Body>,
  bytes: Uint8Array<ArrayBuffer>,
  repaired?: (text: string) => string,
): Body {
  return checkedBody(schema, parseJson(bytes, repaired));
}

/** @throws {ProblemError} `invalid-body` naming the members that are wrong. */
export function checkedBody<Body>(schema: z.ZodType<Body>, value: unknown): Body {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ProblemError('invalid-body', { detail: issuesOf(result.error) });
}

/** Describes the issues of a failed check, with their paths. */
export function issuesOf({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => [...path, message].join(': '))
    .join('; ')
    .slice(0, MAX_DETAIL);
}

/**
 * Parses JSON within the limits of what it may hold. It must be UTF-8 (RFC 8259, section 8.1), without
 * replacement characters.
 */
function parseJson(bytes: Uint8Array<ArrayBuffer>, repaired?: (text: string) => string): unknown {
  const excess = excessOf(bytes);
  if (excess !== undefined) throw new ProblemError('invalid-body', { detail: `The body ${excess}.` });
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return repaired ? parsedOrRepaired(text, repaired) : JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : 'it is not UTF-8';
    const detail = `The body does not parse as JSON: ${reason}`;
    throw new ProblemError('malformed-json', { detail }, { cause });
  }
}

function parsedOrRepaired(text: string, repaired: (text: string) => string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What cannot be repaired fails again, with the reason.
    return JSON.parse(repaired(text));
  }
}
