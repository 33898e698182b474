import { Hono } from 'hono';
import dom from '../docs/dom.page.js';
import main from '../docs/main.page.js';
import models from '../docs/models.page.js';
import css from '../docs/page.css';
import html from '../docs/page.html';
import { PAGE_POLICY } from '../docs/policy.ts';
import reference from '../docs/reference.page.js';
import request from '../docs/request.page.js';
import schema from '../docs/schema.page.js';
import service from '../docs/service.page.js';
import shared from '../docs/shared.css';
import tryPage from '../docs/try.page.js';
import type { AppEnvironment } from '../environment.ts';
import { ProblemError } from '../problems.ts';

/** Files of the page, by name. */
const FILES = {
  'shared.css': shared,
  'page.css': css,
  'main.page.js': main,
  'dom.page.js': dom,
  'models.page.js': models,
  'reference.page.js': reference,
  'request.page.js': request,
  'schema.page.js': schema,
  'service.page.js': service,
  'try.page.js': tryPage,
} as const satisfies Record<string, string>;

/** Content types by file extension. */
const TYPES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' } as const;

/**
 * `GET /docs`: /openapi.json as a page, with forms to try requests; and `GET /docs/{file}`, its files. A Worker with the
 * playground has the same files among its assets, so that it is asked for them only below a path that it is mounted at.
 */
export const docs = new Hono<AppEnvironment>()
  .get('/docs', (c) => c.html(html, 200, { 'Content-Security-Policy': PAGE_POLICY }))
  .get('/docs/:file', (c) => {
    const file = c.req.param('file');
    if (!isFile(file)) {
      const detail = `There is nothing at ${c.req.path}.`;
      throw new ProblemError('unknown-path', { detail, received: file, offered: Object.keys(FILES) });
    }
    const ending = file.split('.').at(-1) as keyof typeof TYPES;
    return c.body(FILES[file], 200, { 'Content-Type': TYPES[ending] });
  });

function isFile(name: string): name is keyof typeof FILES {
  return Object.hasOwn(FILES, name);
}
