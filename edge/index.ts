/** The Worker's entry: bundled and stored models on onnxruntime, configured by the Worker's variables. */
import { env, waitUntil } from 'cloudflare:workers';
import { runtime } from 'latentedge:runtime';
import type { ExecutionContext } from 'hono';
import { createApp } from './app.ts';
import { readBindings } from './environment.ts';
import { bucketModels } from './models/bucketModels.ts';
import { bundledModels } from './models/bundled.ts';
import { readModelSettings } from './models/modelSettings.ts';
import { Models } from './models/models.ts';
import { readSettings } from './settings.ts';

const modelSettings = readModelSettings(env);
const models = new Models({
  ...modelSettings,
  bundled: bundledModels(),
  stored: modelSettings.bucket && bucketModels(modelSettings.bucket, modelSettings),
  runtime,
  keepAlive: waitUntil,
});
const app = createApp({ models, settings: readSettings(env), bindings: readBindings(env) });

export default {
  fetch(request: Request, bindings: unknown, context: ExecutionContext): Response | Promise<Response> {
    const response = app.fetch(request, bindings, context);
    // Workers stop a request when its client disconnects. It may be loading a model that others wait for, so
    // every request runs to its end.
    context.waitUntil(Promise.resolve(response));
    return response;
  },
};
