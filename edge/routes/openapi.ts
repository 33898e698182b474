import { Hono } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { openApiDocument } from '../openapi/document.ts';
import { JSON_TYPE } from '../requests/media.ts';

/** Generated on the first request: most isolates never get one. */
let document: string | undefined;

/** `GET /openapi.json`: the reference of this API, as an OpenAPI 3.1 document. */
export const openapi = new Hono<AppEnvironment>().get('/openapi.json', (c) => {
  document ??= JSON.stringify(openApiDocument());
  return c.body(document, 200, { 'Content-Type': JSON_TYPE });
});
