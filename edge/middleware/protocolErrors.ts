/** Errors as the Open Inference Protocol has them: `{"error": "..."}`. */
import type { Context } from 'hono';
import type { ProtocolError } from '../../shared/protocol.ts';
import { PROBLEMS, type ProblemError, type ProblemSlug, type ProblemStatus } from '../problems.ts';

/** Whether an address is the protocol's. */
export function isProtocolPath(path: string): boolean {
  return path === '/v2' || path.startsWith('/v2/');
}

/** One problem in the protocol's form. */
export function protocolError(c: Context, { slug, members, options }: ProblemError): Response {
  const body: ProtocolError = { error: members.detail };
  return c.json(body, protocolStatus(slug), options.headers);
}

/** The protocol knows 400 for all that is wrong with a request, where we tell 422 apart. */
export function protocolStatus(slug: ProblemSlug): Exclude<ProblemStatus, 422> {
  const { status } = PROBLEMS[slug];
  return status === 422 ? 400 : status;
}
