import { Hono } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { addressOf } from '../mounting.ts';
import { JSON_TYPE } from '../requests/media.ts';
import { send } from '../requests/send.ts';

/** Generated on the first request, which most isolates never get; an isolate has few addresses. */
let known: { readonly server: string; readonly document: string } | undefined;

/** `GET /openapi.json`: the reference of this API, as an OpenAPI 3.1 document. */
export const openapi = new Hono<AppEnvironment>().get('/openapi.json', async (c) => {
  const server = addressOf(c, '/').replace(/\/$/, '');
  if (known?.server !== server) {
    // Evaluated now, and not at every start of an isolate.
    const { openApiDocument } = await import('../openapi/document.ts');
    known = { server, document: JSON.stringify(openApiDocument(server)) };
  }
  return send(c, known.document, { 'Content-Type': JSON_TYPE });
});
