/** Every route but the operations, by method and path as OpenAPI writes them. */
import { Health, ModelDescription, ModelList } from '../../shared/api.ts';
import { PROBLEMS } from '../problems.ts';
import { JSON_TYPE } from '../requests/media.ts';
import type { Route } from './route.ts';

const text = { type: 'string' } as const;

export const ROUTES = {
  'GET /v1/models': {
    id: 'listModels',
    tag: 'models',
    summary: 'Every version of every model, by name, the newest version of each first.',
    scope: 'infer',
    answers: { 200: { description: 'The models.', content: { [JSON_TYPE]: { schema: ModelList } } } },
  },
  'GET /v1/models/{model}': {
    id: 'describeModel',
    tag: 'models',
    summary: 'One model: its features, code size, operations, metrics and parity.',
    scope: 'infer',
    answers: { 200: { description: 'The model.', content: { [JSON_TYPE]: { schema: ModelDescription } } } },
    problems: ['unknown-model', 'unknown-version'],
  },
  'GET /health': {
    id: 'health',
    tag: 'service',
    summary: 'Whether the Worker is up; loads no model.',
    scope: null,
    answers: {
      200: {
        description: 'It is up.',
        content: { [JSON_TYPE]: { schema: Health, example: { status: 'ok', models: 1 } } },
      },
    },
  },
  'GET /problems/{slug}': {
    id: 'describeProblem',
    tag: 'service',
    summary: 'What a problem means, and what to do about it; the `type` of every problem leads here.',
    scope: null,
    answers: {
      200: {
        description: 'Its explanation.',
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
    summary: 'All routes, as an OpenAPI 3.1 document.',
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
    summary: 'The same as a page, from which requests can be tried.',
    scope: null,
    answers: { 200: { description: 'The page.', content: { 'text/html': { schema: text } } } },
  },
  'GET /docs/{file}': {
    id: 'docsFile',
    tag: 'service',
    summary: 'The files of that page.',
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
