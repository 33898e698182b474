/** The one place where errors become responses: problem+json (RFC 9457), whatever went wrong. */
import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { PROBLEMS, ProblemError } from '../problems.ts';
import { logError } from '../telemetry/log.ts';

/** Answers one problem; its `type` is an address of this API that describes it. */
export function problemResponse(c: Context<AppEnvironment>, problem: ProblemError): Response {
  const { status, title } = PROBLEMS[problem.slug];
  c.var.record.problem = problem.slug;
  const type = new URL(`/problems/${problem.slug}`, c.req.url).href;
  return c.json({ type, title, status, ...problem.members }, status, {
    ...problem.options.headers,
    'Content-Type': 'application/problem+json',
  });
}

/** Expected errors as they are; any other is logged whole and told to the caller only as an internal error. */
export const onError: ErrorHandler<AppEnvironment> = (error, c) => {
  const problem =
    error instanceof ProblemError
      ? error
      : new ProblemError(
          'internal-error',
          { detail: 'The request could not be answered. The error has been logged.' },
          { cause: error },
        );
  const response = problemResponse(c, problem);
  // The detail of what is our own doing names our own models, and nothing that the client sent.
  if (response.status >= 500) logError(c.var.record, problem.message, problem.cause);
  return response;
};

const OPERATION_PATH = /^\/v1\/models\/[^/]+\/([^/]+)$/;

/**
 * No route matched: under a model, the name is an unknown operation; elsewhere, the path is unknown.
 * @throws {ProblemError} where the model itself is unknown.
 */
export const onNotFound: NotFoundHandler<AppEnvironment> = async (c) => {
  const received = OPERATION_PATH.exec(c.req.path)?.[1];
  if (received === undefined) {
    const detail = `There is nothing at ${c.req.path}.`;
    return problemResponse(c, new ProblemError('unknown-path', { detail, received: c.req.path }));
  }
  const { name, operations } = await c.var.models.find(decoded(c.req.path.split('/')[3] ?? ''));
  const detail = `There is no operation ${JSON.stringify(received)}; ${name} offers ${operations.join(', ')}.`;
  return problemResponse(c, new ProblemError('unknown-operation', { detail, received, offered: operations }));
};

/** A path segment as the routes see it; one that does not decode is taken as it is, and names no model. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}
