/** Query parameters: from text in a URL to checked values. */
import type { HonoRequest } from 'hono';
import * as z from 'zod';
import { ProblemError } from '../problems.ts';
import { issuesOf } from './parseBody.ts';

/**
 * Decimal numbers, more freely than in JSON: `+1`, `01`, `.5`. JavaScript would also read `0x2` and spaces.
 */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Wraps the schema of a numeric parameter; text that is not a number reaches the schema unchanged, which
 * refuses it.
 */
export function numeric<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(
    (text) => (typeof text === 'string' && DECIMAL.test(text) ? Number(text) : text),
    schema,
  );
}

/**
 * Returns the value of each parameter of a URL.
 * @throws {ProblemError} `invalid-query` for a parameter that is sent more than once.
 */
export function singleValues(queries: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(queries).map(([name, values]) => {
      if (values.length === 1) return [name, values[0]!];
      const shown = JSON.stringify(name.slice(0, 60));
      const [expected, received] = ['one value', `${values.length} values`];
      const detail = `The query parameter ${shown}: expected ${expected}, received ${received}; send it once.`;
      throw new ProblemError('invalid-query', { detail, expected, received });
    }),
  );
}

/**
 * Returns a function that checks the parameters of requests. Most have none, so the result for these is kept.
 *
 * @example
 * const queryOf = queryReader(operation.query);
 * const { include } = queryOf(c.req);
 */
export function queryReader<Query>(schema: z.ZodType<Query>): (request: HonoRequest) => Query {
  let none: { readonly query: Query } | undefined;
  return (request) => {
    if (request.url.includes('?')) return parseQuery(schema, singleValues(request.queries()));
    none ??= { query: parseQuery(schema, {}) };
    return none.query;
  };
}

/** @throws {ProblemError} `invalid-query` for an unknown parameter, or a wrong value. */
export function parseQuery<Query>(schema: z.ZodType<Query>, query: Record<string, unknown>): Query {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  throw new ProblemError('invalid-query', { detail: issuesOf(result.error) });
}
