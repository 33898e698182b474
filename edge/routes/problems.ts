import { Hono } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { PROBLEMS, ProblemError, type ProblemSlug } from '../problems.ts';

/** `GET /problems/{slug}`: the page that a problem's `type` links to (RFC 9457, section 3.1.1). */
export const problems = new Hono<AppEnvironment>().get('/problems/:slug', (c) => {
  const slug = c.req.param('slug');
  if (!isSlug(slug)) {
    const detail = `There is no problem type ${JSON.stringify(slug)}.`;
    throw new ProblemError('unknown-path', { detail, received: slug, offered: Object.keys(PROBLEMS) });
  }
  const { status, title, help } = PROBLEMS[slug];
  return c.text(`${title} (${status})\n\n${help}\n`, 200);
});

function isSlug(text: string): text is ProblemSlug {
  return Object.hasOwn(PROBLEMS, text);
}
