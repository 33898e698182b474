/** Errors in the form of the Open Inference Protocol: `{"error": "..."}`. */
import type { Context } from 'hono';
import type { ProtocolError } from '../../shared/protocol.ts';
import { PROBLEMS, type ProblemError, type ProblemSlug, type ProblemStatus } from '../problems.ts';

/** True if a path belongs to the protocol. */
export function isProtocolPath(path: string): boolean {
  return path === '/v2' || path.startsWith('/v2/');
}

/** Returns the protocol's response for a problem. */
export function protocolError(c: Context, { slug, members, options }: ProblemError): Response {
  const body: ProtocolError = { error: members.detail };
  return c.json(body, protocolStatus(slug), options.headers);
}

/** The protocol has 400 for every faulty request; our own API distinguishes 422. */
export function protocolStatus(slug: ProblemSlug): Exclude<ProblemStatus, 422> {
  const { status } = PROBLEMS[slug];
  return status === 422 ? 400 : status;
}
