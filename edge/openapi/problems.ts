/** Error responses of the document: one per status, with all its problems. */
import { protocolStatus } from '../middleware/protocolErrors.ts';
import { PROBLEMS, type ProblemSlug } from '../problems.ts';
import { JSON_TYPE } from '../requests/media.ts';
import type { Route } from './route.ts';

/** Problems of any request. */
const ALWAYS = [
  'rate-limited',
  'timed-out',
  'overloaded',
  'internal-error',
] as const satisfies readonly ProblemSlug[];
/** Problems of requests that need a key, and of requests with a body. */
const KEYED = ['unauthorized', 'forbidden'] as const satisfies readonly ProblemSlug[];
const SENT = ['slow-body'] as const satisfies readonly ProblemSlug[];

/** Statuses with a Retry-After header. */
const RETRIED = [429, 503];

export const PROBLEM_TYPE = 'application/problem+json';

const PROBLEM_CONTENT = { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };
const PROTOCOL_CONTENT = { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/ProtocolError' } } };

/** Returns the error responses of a route, by status. */
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
