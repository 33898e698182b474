/** Query parameters: what is text in an address, as what it means. */
import * as z from 'zod';
import { ProblemError } from '../problems.ts';
import { issuesOf } from './parseBody.ts';

/** A parameter that is a number; text that is none reaches the schema as it is, and is refused there. */
export function numeric<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(
    (text) => (typeof text === 'string' && text.trim() !== '' ? Number(text) : text),
    schema,
  );
}

/** @throws {ProblemError} `invalid-query` for a parameter that the operation does not take, or of a wrong value. */
export function parseQuery<Query>(schema: z.ZodType<Query>, query: Record<string, unknown>): Query {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  throw new ProblemError('invalid-query', { detail: issuesOf(result.error) });
}
