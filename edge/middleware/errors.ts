/** The one place where errors become responses: problem+json (RFC 9457), or what the protocol of the address says. */
import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import type { Problem } from '../../shared/api.ts';
import type { AppEnvironment } from '../environment.ts';
import { addressOf } from '../mounting.ts';
import { PROBLEMS, ProblemError } from '../problems.ts';
import { logError } from '../telemetry/log.ts';
import type { RequestRecord } from '../telemetry/record.ts';
import { isProtocolPath, protocolError } from './protocolErrors.ts';

/** Answers one problem. */
export function problemResponse(c: Context<AppEnvironment>, problem: ProblemError): Response {
  c.var.record.problem = problem.slug;
  if (isProtocolPath(c.req.path)) return protocolError(c, problem);
  return c.json(problemBody(problem, c), PROBLEMS[problem.slug].status, {
    ...problem.options.headers,
    'Content-Type': 'application/problem+json',
  });
}

/** A problem's body; its `type` is an address of this API that describes it. */
export function problemBody({ slug, members }: ProblemError, c: Context): Problem {
  const { status, title } = PROBLEMS[slug];
  return { type: addressOf(c, `/problems/${slug}`), title, status, ...members };
}

/** Expected errors as they are; any other is logged whole and told to the caller only as an internal error. */
export function problemOf(error: unknown, record: RequestRecord): ProblemError {
  const problem =
    error instanceof ProblemError
      ? error
      : new ProblemError(
          'internal-error',
          { detail: 'The request could not be answered. The error has been logged.' },
          { cause: error },
        );
  record.problem = problem.slug;
  // The detail of what is our own doing names our own models, and nothing that the client sent.
  if (PROBLEMS[problem.slug].status >= 500) logError(record, problem.message, problem.cause);
  return problem;
}

export const onError: ErrorHandler<AppEnvironment> = (error, c) =>
  problemResponse(c, problemOf(error, c.var.record));

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
