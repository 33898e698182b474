/** Problems on their way from one Worker to another. */
import type { Problem } from '../../shared/api.ts';
import { PROBLEMS, type ProblemError, type ProblemSlug } from '../problems.ts';

/** What a problem+json body says, with the problem's slug in place of its address. */
export type RemoteProblem = Omit<Problem, 'type' | 'detail'> & {
  readonly slug: ProblemSlug;
  readonly detail: string;
};

/**
 * A problem as an error that crosses Workers RPC. All of its members cross if both Workers have the compatibility flag
 * `enhanced_error_serialization`; otherwise the message alone does, and it begins with the slug.
 */
export function remoteError({ slug, members, stack }: ProblemError): Error {
  const { status, title } = PROBLEMS[slug];
  const error = new Error(`${slug}: ${members.detail}`);
  return Object.assign(error, { name: 'ProblemError', slug, status, title, ...members }, stack && { stack });
}

/** `wrong-shape: row 0: expected ...`, after the name of the error where the runtime has put that in front. */
const MESSAGE = /^(?:ProblemError: )?([a-z-]+): ([\s\S]*)$/;

/**
 * Reads an error that an operation of another Worker threw; undefined of any other error.
 *
 * @example
 * try {
 *   await env.LATENTEDGE.encode('digits', rows);
 * } catch (error) {
 *   if (problemOf(error)?.slug !== 'unknown-model') throw error;
 * }
 */
export function remoteProblem(error: unknown): RemoteProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, slug = '', detail = ''] = MESSAGE.exec(error.message) ?? [];
  if (!Object.hasOwn(PROBLEMS, slug)) return undefined;
  const known = slug as ProblemSlug;
  const { status, title } = PROBLEMS[known];
  const {
    message: _,
    name: __,
    stack: ___,
    remote: ____,
    ...members
  } = { ...error } as Record<string, unknown>;
  return { ...members, slug: known, status, title, detail };
}
