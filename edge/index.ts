/** The Worker's entry: the bundled models on onnxruntime-web, with the settings of the Worker's variables. */
import { env } from 'cloudflare:workers';
import type { ExecutionContext } from 'hono';
import { createApp } from './app.ts';
import { readBindings } from './environment.ts';
import { Models } from './models.ts';
import { bundledModels } from './registry/bundled.ts';
import { openOnnxSession } from './runtime/onnxruntimeWeb.ts';
import { readSettings } from './settings.ts';

const app = createApp({
  models: new Models(bundledModels(), openOnnxSession),
  settings: readSettings(env),
  bindings: readBindings(env),
});

export default {
  fetch(request: Request, bindings: unknown, context: ExecutionContext): Response | Promise<Response> {
    const response = app.fetch(request, bindings, context);
    // A request whose client hangs up is stopped where it is. It may be loading the model that others wait for, so
    // every request runs to its end.
    context.waitUntil(Promise.resolve(response));
    return response;
  },
};
