/** For every route but the operations: requests that are answered. */
import type { ROUTES } from '../../edge/openapi/routes.ts';

type RouteCase = readonly [path: string, init?: RequestInit];

export const ROUTE_CASES: Record<keyof typeof ROUTES, readonly RouteCase[]> = {
  'GET /v1/models': [['/v1/models']],
  'GET /v1/models/{model}': [['/v1/models/linear'], ['/v1/models/columns'], ['/v1/models/conditional']],
  'GET /health': [['/health']],
  'GET /problems/{slug}': [['/problems/wrong-shape']],
  'GET /openapi.json': [['/openapi.json']],
  'GET /docs': [['/docs']],
  'GET /docs/{file}': [['/docs/page.css'], ['/docs/main.page.js']],
};
