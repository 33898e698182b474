/** Errors as answers of the document: one for each status, with all problems that have it. */
import { PROBLEMS, type ProblemSlug } from '../problems.ts';

/** What can go wrong with any request. */
const ALWAYS = ['internal-error'] as const satisfies readonly ProblemSlug[];

/** Statuses that say when to try again. */
const RETRIED = [429, 503];

export const PROBLEM_TYPE = 'application/problem+json';

/** The answers for these problems, by status. */
export function problemAnswers(slugs: readonly ProblemSlug[]) {
  const all = [...new Set([...slugs, ...ALWAYS])];
  const statuses = [...new Set(all.map((slug) => PROBLEMS[slug].status))].sort();
  const answers = statuses.map((status) => {
    const ofStatus = all.filter((slug) => PROBLEMS[slug].status === status);
    const description = ofStatus.map((slug) => `- \`${slug}\`: ${PROBLEMS[slug].title}.`).join('\n');
    const headers = RETRIED.includes(status) && {
      headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } },
    };
    const content = { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };
    return [`${status}`, { description, ...headers, content }] as const;
  });
  return Object.fromEntries(answers);
}
