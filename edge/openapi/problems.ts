/** Errors as answers of the document: one for each status, with all problems that have it. */

import { protocolStatus } from '../middleware/protocolErrors.ts';
import { PROBLEMS, type ProblemSlug } from '../problems.ts';
import { JSON_TYPE } from '../requests/media.ts';
import type { Route } from './route.ts';

/** What can go wrong with any request. */
const ALWAYS = ['rate-limited', 'timed-out', 'internal-error'] as const satisfies readonly ProblemSlug[];
/** With those that need a key, and with those that have a body. */
const KEYED = ['unauthorized', 'forbidden'] as const satisfies readonly ProblemSlug[];
const SENT = ['slow-body'] as const satisfies readonly ProblemSlug[];

/** Statuses that say when to try again. */
const RETRIED = [429, 503];

export const PROBLEM_TYPE = 'application/problem+json';

const PROBLEM_CONTENT = { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };
const PROTOCOL_CONTENT = { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/ProtocolError' } } };

/** The answers for what can go wrong with a route, by status. */
export function problemAnswers({ scope, request, problems = [], errors }: Route) {
  const all = new Set([...problems, ...(scope ? KEYED : []), ...(request ? SENT : []), ...ALWAYS]);
  const statusOf = (slug: ProblemSlug) => (errors === 'protocol' ? protocolStatus : problemStatus)(slug);
  const statuses = [...new Set([...all].map(statusOf))].sort();
  const answers = statuses.map((status) => {
    const ofStatus = [...all].filter((slug) => statusOf(slug) === status);
    const description = ofStatus.map((slug) => `- \`${slug}\`: ${PROBLEMS[slug].title}.`).join('\n');
    const headers = RETRIED.includes(status) && {
      headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } },
    };
    const content = errors === 'protocol' ? PROTOCOL_CONTENT : PROBLEM_CONTENT;
    return [`${status}`, { description, ...headers, content }] as const;
  });
  return Object.fromEntries(answers);
}

function problemStatus(slug: ProblemSlug): number {
  return PROBLEMS[slug].status;
}
