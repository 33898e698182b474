/** The Worker's entry: bundled and stored models on onnxruntime, configured by the Worker's variables. */
import { env } from 'cloudflare:workers';
import type { Context } from 'hono';
import { workerModels } from './bundled.ts';
import { readBindings } from './environment.ts';
import { answering } from './library.ts';
import { readModelSettings } from './models/modelSettings.ts';
import { rpcEntrypoint } from './rpc.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(env);
const { rateLimiter, ...bindings } = readBindings(env);
const models = workerModels({
  ...readModelSettings(env),
  ...bindings,
  limits: settings.limits,
  log: settings.log,
});

/** Operations for other Workers of the account, by a service binding with this entrypoint. */
export const LatentedgeEntrypoint = rpcEntrypoint(models);

const answer = answering({ models, ...settings, ...(rateLimiter && { rateLimiter }) });

export default {
  fetch: (request: Request, _: unknown, context: Context['executionCtx']) =>
    answer(request, undefined, context),
};
