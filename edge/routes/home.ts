import { Hono } from 'hono';
import { version } from '../../package.json';
import type { ServiceLinks } from '../../shared/api.ts';
import type { AppEnvironment } from '../environment.ts';
import { addressOf } from '../mounting.ts';
import type { Settings } from '../settings.ts';

/** Paths that `GET /` links to. */
const LINKS = { models: '/v1/models', openapi: '/openapi.json', docs: '/docs', health: '/health' } as const;
const PLAYGROUND = '/playground/';

/** `GET /`: links for programs; a redirect to a page for browsers, which alone ask for HTML. */
export const home = ({ playground }: Pick<Settings, 'playground'>) =>
  new Hono<AppEnvironment>().get('/', (c) => {
    if (c.req.header('Accept')?.includes('text/html'))
      return c.redirect(addressOf(c, playground ? PLAYGROUND : LINKS.docs), 302);
    const paths = { ...(playground && { playground: PLAYGROUND }), ...LINKS };
    const links = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, addressOf(c, path)]));
    return c.json({ name: 'latentedge', version, links } satisfies ServiceLinks, 200);
  });
