/**
 * The only place where errors become responses: problem+json (RFC 9457), or the form of the inference
 * protocol.
 */
import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import type { Problem } from '../../shared/api.ts';
import type { AppEnvironment } from '../environment.ts';
import { addressOf } from '../mounting.ts';
import { PROBLEMS, ProblemError } from '../problems.ts';
import { logError } from '../telemetry/log.ts';
import type { RequestRecord } from '../telemetry/record.ts';
import { isProtocolPath, protocolError } from './protocolErrors.ts';

/** Returns the response for a problem. */
export function problemResponse(c: Context<AppEnvironment>, problem: ProblemError): Response {
  c.get('record').problem = problem.slug;
  if (isProtocolPath(c.req.path)) return protocolError(c, problem);
  return c.json(problemBody(problem, c), PROBLEMS[problem.slug].status, {
    ...problem.options.headers,
    'Content-Type': 'application/problem+json',
  });
}

/** Returns the body of a problem; its `type` is the URL of its description in this API. */
export function problemBody({ slug, members }: ProblemError, c: Context): Problem {
  const { status, title } = PROBLEMS[slug];
  return { type: addressOf(c, `/problems/${slug}`), title, status, ...members };
}

/**
 * Returns an expected error unchanged; any other is logged in full, and becomes an internal error to the
 * caller.
 */
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
  // The detail of a server error names only our own models, and nothing that the client sent.
  if (PROBLEMS[problem.slug].status >= 500) logError(record, problem.message, problem.cause);
  return problem;
}

export const onError: ErrorHandler<AppEnvironment> = (error, c) =>
  problemResponse(c, problemOf(error, c.get('record')));

/** Triton's requests to load and unload a model. */
const LOAD_PATH = /^\/v2\/repository\/models\/[^/]+\/(load|unload)$/;
const OPERATION_PATH = /^\/v1\/models\/[^/]+\/([^/]+)$/;

/**
 * Answers a request without a route: an unknown operation under a model's path, an unknown path otherwise.
 * @throws {ProblemError} if the model itself is unknown.
 */
export const onNotFound: NotFoundHandler<AppEnvironment> = async (c) => {
  if (LOAD_PATH.test(c.req.path)) return problemResponse(c, notLoadable());
  const received = OPERATION_PATH.exec(c.req.path)?.[1];
  if (received === undefined) {
    const detail = `There is nothing at ${c.req.path}.`;
    return problemResponse(c, new ProblemError('unknown-path', { detail, received: c.req.path }));
  }
  const { name, operations } = await c.get('models').find(decodeSegment(c.req.path.split('/')[3] ?? ''));
  const detail = `There is no operation ${JSON.stringify(received)}; ${name} offers ${operations.join(', ')}.`;
  return problemResponse(c, new ProblemError('unknown-operation', { detail, received, offered: operations }));
};

function notLoadable(): ProblemError {
  const detail =
    'Clients do not load or unload models here: graphs are loaded when they are first used, and the operator publishes versions. POST /v2/repository/index lists them.';
  return new ProblemError('operation-not-offered', { detail });
}

/** Decodes a path segment as the routes do; a malformed one is returned unchanged, and matches no model. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}
