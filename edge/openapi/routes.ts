/** Routes of our own API, except operations and administration, by method and path. */
import { Health, ModelDescription, ModelList, ServiceLinks } from '../../shared/api.ts';
import { PROBLEMS } from '../problems.ts';
import { JSON_TYPE } from '../requests/media.ts';
import type { Route } from './route.ts';

const text = { type: 'string' } as const;

export const ROUTES = {
  'GET /v1/models': {
    id: 'listModels',
    tag: 'models',
    summary: 'Lists every version of every model, sorted by name.',
    scope: 'infer',
    answers: { 200: { description: 'The models.', content: { [JSON_TYPE]: { schema: ModelList } } } },
  },
  'GET /v1/models/{model}': {
    id: 'describeModel',
    tag: 'models',
    summary: 'Describes a model: its features, code size, operations, metrics and parity.',
    scope: 'infer',
    answers: { 200: { description: 'The model.', content: { [JSON_TYPE]: { schema: ModelDescription } } } },
    problems: ['unknown-model', 'unknown-version'],
  },
  'GET /': {
    id: 'home',
    tag: 'service',
    summary: 'Links to the other routes; redirects browsers to the playground or, without one, to `/docs`.',
    scope: null,
    answers: {
      200: {
        description: 'Addresses of the API.',
        content: {
          [JSON_TYPE]: {
            schema: ServiceLinks,
            example: {
              ...{ name: 'latentedge', version: '0.1.0' },
              links: { models: 'https://example.com/v1/models', docs: 'https://example.com/docs' },
            },
          },
        },
      },
    },
  },
  'GET /health': {
    id: 'health',
    tag: 'service',
    summary: 'Reports that the Worker is up, without loading a model.',
    scope: null,
    answers: {
      200: {
        description: 'The Worker is up.',
        content: { [JSON_TYPE]: { schema: Health, example: { status: 'ok', models: 1 } } },
      },
    },
  },
  'GET /problems/{slug}': {
    id: 'describeProblem',
    tag: 'service',
    summary: 'Explains a problem and its solution; the `type` of every problem links here.',
    scope: null,
    answers: {
      200: {
        description: 'The explanation.',
        content: {
          'text/plain': {
            schema: text,
            example: `The body is not JSON (400)\n\n${PROBLEMS['malformed-json'].help}\n`,
          },
        },
      },
    },
    problems: ['unknown-path'],
  },
  'GET /openapi.json': {
    id: 'openapi',
    tag: 'service',
    summary: 'Returns all routes as an OpenAPI 3.1 document.',
    scope: null,
    answers: {
      200: {
        description: 'An OpenAPI 3.1 document.',
        content: {
          [JSON_TYPE]: {
            schema: { type: 'object', properties: { openapi: { type: 'string' } }, required: ['openapi'] },
          },
        },
      },
    },
  },
  'GET /docs': {
    id: 'docs',
    tag: 'service',
    summary: 'Shows all routes on a page, with forms to try them.',
    scope: null,
    answers: { 200: { description: 'The page.', content: { 'text/html': { schema: text } } } },
  },
  'GET /docs/{file}': {
    id: 'docsFile',
    tag: 'service',
    summary: 'Returns the files of that page.',
    scope: null,
    answers: {
      200: {
        description: 'The file.',
        content: { 'text/css': { schema: text }, 'text/javascript': { schema: text } },
      },
    },
    problems: ['unknown-path'],
  },
} as const satisfies Record<string, Route>;
