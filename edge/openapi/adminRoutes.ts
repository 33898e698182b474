/** Administration routes of the document. */
import { AdminReload, AdminStats } from '../../shared/adminApi.ts';
import { JSON_TYPE } from '../requests/media.ts';
import type { Route } from './route.ts';

export const ADMIN_ROUTES = {
  'GET /metrics': {
    id: 'metrics',
    tag: 'admin',
    summary: 'Returns the metrics of this isolate, in the text format of Prometheus.',
    scope: 'admin',
    answers: {
      200: { description: 'The metrics.', content: { 'text/plain': { schema: { type: 'string' } } } },
    },
  },
  'GET /admin/stats': {
    id: 'stats',
    tag: 'admin',
    summary: 'Returns counts and drift since training for each model, as seen by this isolate.',
    scope: 'admin',
    answers: {
      200: {
        description: 'Counts and drift of each model.',
        content: { [JSON_TYPE]: { schema: AdminStats } },
      },
    },
  },
  'POST /admin/reload': {
    id: 'reload',
    tag: 'admin',
    summary: 'Reads new models and aliases at once, in this isolate.',
    scope: 'admin',
    answers: {
      200: {
        description: 'The versions served after the reload.',
        content: { [JSON_TYPE]: { schema: AdminReload } },
      },
    },
    problems: ['model-unavailable'],
  },
} as const satisfies Record<string, Route>;
