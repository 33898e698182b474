/** For every route but the operations: requests that are answered. */
import type { ADMIN_ROUTES } from '../../../edge/openapi/adminRoutes.ts';
import type { ROUTES } from '../../../edge/openapi/routes.ts';

type RouteCase = readonly [path: string, init?: RequestInit];

import { OLD_VERSION } from '../artifacts/edgeArtifacts.ts';
import { LOCAL_KEY } from './apiKeys.ts';

/** Those of a model are there twice: for the version that answers, and for a given one. */
type ProtocolAddress =
  | 'GET /v2'
  | `GET /v2/health/${'live' | 'ready'}`
  | 'POST /v2/repository/index'
  | 'GET /v2/models/stats'
  | `GET /v2/models/{model}${'' | '/versions/{version}'}${'' | '/ready' | '/config' | '/stats'}`
  | `POST /v2/models/{model}${'' | '/versions/{version}'}/infer`;

/** Of a Worker with the variables `LOCAL`. */
const operator = { headers: { 'X-API-Key': LOCAL_KEY.key } };
const version = `/v2/models/linear/versions/${OLD_VERSION}`;
const infer = {
  body: JSON.stringify({
    inputs: [{ name: 'rows', datatype: 'FP32', shape: [1, 6], data: [1, 2, 3, 4, 5, 6] }],
  }),
};

export const ROUTE_CASES: Record<
  keyof typeof ROUTES | keyof typeof ADMIN_ROUTES | ProtocolAddress,
  readonly RouteCase[]
> = {
  'GET /v1/models': [['/v1/models']],
  'GET /v1/models/{model}': [['/v1/models/linear'], ['/v1/models/columns'], ['/v1/models/conditional']],
  'GET /': [['/']],
  'GET /health': [['/health']],
  'GET /problems/{slug}': [['/problems/wrong-shape']],
  'GET /openapi.json': [['/openapi.json']],
  'GET /docs': [['/docs']],
  'GET /v2': [['/v2']],
  'GET /v2/health/live': [['/v2/health/live']],
  'GET /v2/health/ready': [['/v2/health/ready']],
  'POST /v2/repository/index': [['/v2/repository/index']],
  'GET /v2/models/{model}': [['/v2/models/linear'], ['/v2/models/columns.encoder']],
  'GET /v2/models/stats': [['/v2/models/stats']],
  'GET /v2/models/{model}/config': [
    ['/v2/models/linear/config'],
    ['/v2/models/linear.autoencoder/config'],
    ['/v2/models/items.recommend/config'],
  ],
  'GET /v2/models/{model}/stats': [['/v2/models/linear/stats'], ['/v2/models/columns.encoder/stats']],
  'GET /v2/models/{model}/versions/{version}/config': [[`${version}/config`]],
  'GET /v2/models/{model}/versions/{version}/stats': [[`${version}/stats`]],
  'GET /v2/models/{model}/ready': [['/v2/models/linear.decoder/ready']],
  'POST /v2/models/{model}/infer': [['/v2/models/linear/infer', infer]],
  'GET /v2/models/{model}/versions/{version}': [[version]],
  'GET /v2/models/{model}/versions/{version}/ready': [[`${version}/ready`]],
  'POST /v2/models/{model}/versions/{version}/infer': [[`${version}/infer`, infer]],
  'GET /metrics': [['/metrics', operator]],
  'GET /admin/stats': [['/admin/stats', operator]],
  'POST /admin/reload': [['/admin/reload', operator]],
  'GET /docs/{file}': [['/docs/page.css'], ['/docs/main.page.js']],
};
