/** The routes of those who look after the Worker. */
import { AdminReload, AdminStats } from '../../shared/adminApi.ts';
import { JSON_TYPE } from '../requests/media.ts';
import type { Route } from './route.ts';

export const ADMIN_ROUTES = {
  'GET /metrics': {
    id: 'metrics',
    tag: 'admin',
    summary: 'What this isolate has answered so far, in the text format of Prometheus.',
    scope: 'admin',
    answers: {
      200: { description: 'The metrics.', content: { 'text/plain': { schema: { type: 'string' } } } },
    },
  },
  'GET /admin/stats': {
    id: 'stats',
    tag: 'admin',
    summary: 'The same for each model, and how its inputs and errors have drifted from training.',
    scope: 'admin',
    answers: { 200: { description: 'Each model.', content: { [JSON_TYPE]: { schema: AdminStats } } } },
  },
  'POST /admin/reload': {
    id: 'reload',
    tag: 'admin',
    summary: 'Looks at once for new models and aliases, in this isolate.',
    scope: 'admin',
    answers: {
      200: { description: 'What is served now.', content: { [JSON_TYPE]: { schema: AdminReload } } },
    },
    problems: ['model-unavailable'],
  },
} as const satisfies Record<string, Route>;
