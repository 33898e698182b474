import { describe, expect, test } from 'vitest';
import { version } from '../../package.json';
import { ServiceLinks } from '../../shared/api.ts';
import { edgeApp } from '../support/edge/edgeApp.ts';

const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
/** As workerd has it where there are assets; anything will do. */
const ASSETS = {} as unknown as string;

const get = (app: ReturnType<typeof edgeApp>, accept?: string, path = '') =>
  app.request(
    `https://example.com${path}/`,
    { headers: accept === undefined ? {} : { Accept: accept } },
    path === '' ? {} : { mounting: { path, local: '/' } },
  );

describe('GET /', () => {
  test.each([undefined, '*/*', 'application/json'])(
    'answers links if Accept is %s, without a key',
    async (accept) => {
      const response = await get(edgeApp({ ASSETS, OPEN: 'false' }), accept);
      expect(response.status).toBe(200);
      expect(ServiceLinks.parse(await response.json())).toEqual({
        ...{ name: 'latentedge', version },
        links: {
          playground: 'https://example.com/playground/',
          models: 'https://example.com/v1/models',
          openapi: 'https://example.com/openapi.json',
          docs: 'https://example.com/docs',
          health: 'https://example.com/health',
        },
      });
    },
  );

  test.each([
    ['to the playground', { ASSETS }, '', 'https://example.com/playground/'],
    ['to the documentation without assets', {}, '', 'https://example.com/docs'],
    [
      'to the documentation if the playground is off',
      { ASSETS, PLAYGROUND: 'off' },
      '',
      'https://example.com/docs',
    ],
    ['below the path that the API is mounted at', { ASSETS }, '/ml', 'https://example.com/ml/playground/'],
  ])('redirects browsers %s', async (_, variables, path, location) => {
    const response = await get(edgeApp(variables), HTML, path);
    expect([response.status, response.headers.get('Location')]).toEqual([302, location]);
  });
});
