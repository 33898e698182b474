/** Problems on their way from one Worker to another. */
import type { Problem } from '../../shared/api.ts';
import { PROBLEMS, ProblemError, type ProblemMembers, type ProblemSlug } from '../problems.ts';

/** The members of a problem+json body, with the problem's slug in place of its address. */
export type RemoteProblem = Omit<Problem, 'type' | 'detail'> & {
  readonly slug: ProblemSlug;
  readonly detail: string;
};

/**
 * Returns a problem as an error that crosses Workers RPC. All of its members cross if both Workers have the
 * compatibility flag `enhanced_error_serialization`; otherwise only the message does, and it begins with the
 * slug.
 */
export function remoteError({ slug, members }: ProblemError): Error {
  const { status, title } = PROBLEMS[slug];
  const error = new Error(`${slug}: ${members.detail}`);
  return Object.assign(error, { name: 'ProblemError', slug, status, title, ...members });
}

/** Matches `wrong-shape: row 0: expected ...`; the runtime may put the name of the error in front. */
const MESSAGE = /^(?:ProblemError: )?([a-z-]+): ([\s\S]*)$/;

/**
 * Reads the problem from an error that an operation threw, in this Worker or in another one; undefined for
 * any other error.
 *
 * @example
 * try {
 *   await env.LATENTEDGE.encode('digits', rows);
 * } catch (error) {
 *   if (remoteProblem(error)?.slug !== 'unknown-model') throw error;
 * }
 */
export function remoteProblem(error: unknown): RemoteProblem | undefined {
  if (error instanceof ProblemError) return remoteProblemOf(error);
  if (!(error instanceof Error)) return undefined;
  const [, slug = '', detail = ''] = MESSAGE.exec(error.message) ?? [];
  if (!Object.hasOwn(PROBLEMS, slug)) return undefined;
  const { name: _, remote: __, ...members } = { ...error } as Record<string, unknown>;
  return described(slug as ProblemSlug, { ...members, detail });
}

/** Returns a problem in the form in which calls report it. */
export function remoteProblemOf({ slug, members }: ProblemError): RemoteProblem {
  return described(slug, members);
}

function described(slug: ProblemSlug, members: ProblemMembers): RemoteProblem {
  const { status, title } = PROBLEMS[slug];
  return { ...members, slug, status, title };
}
