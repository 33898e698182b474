/** Query parameters: from text in a URL to checked values. */
import * as z from 'zod';
import { ProblemError } from '../problems.ts';
import { issuesOf } from './parseBody.ts';

/**
 * Wraps the schema of a numeric parameter; text that is not a number reaches the schema unchanged, which
 * refuses it.
 */
export function numeric<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(
    (text) => (typeof text === 'string' && text.trim() !== '' ? Number(text) : text),
    schema,
  );
}

/** @throws {ProblemError} `invalid-query` for an unknown parameter, or a wrong value. */
export function parseQuery<Query>(schema: z.ZodType<Query>, query: Record<string, unknown>): Query {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  throw new ProblemError('invalid-query', { detail: issuesOf(result.error) });
}
