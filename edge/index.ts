/** The Worker's entry: bundled and stored models on onnxruntime, configured by the Worker's variables. */
import { env } from 'cloudflare:workers';
import type { Context } from 'hono';
import { workerModels } from './bundled.ts';
import { absentBindings, readBindings } from './environment.ts';
import { jobsConsumer, jobsWorkflow } from './jobsEntrypoint.ts';
import { answering } from './library.ts';
import { readModelSettings } from './models/modelSettings.ts';
import { rehearse } from './rehearsal.ts';
import { readRowLogging } from './rowLog/policy.ts';
import { rpcEntrypoint } from './rpc.ts';
import { readSettings } from './settings.ts';
import { logEvent } from './telemetry/log.ts';

const settings = readSettings(env);
const { rateLimiter, ...bindings } = readBindings(env);
const models = workerModels({
  ...readModelSettings(env),
  ...bindings,
  limits: settings.limits,
  log: settings.log,
  logRows: readRowLogging(env),
});

/** Operations for other Workers of the account, by a service binding with this entrypoint. */
export const LatentedgeEntrypoint = rpcEntrypoint(models);

/** Jobs on rows in R2, by the binding `JOBS_WORKFLOW` with this class. */
export const LatentedgeJobs = jobsWorkflow(models);

const answer = answering({ models, ...settings, ...(rateLimiter && { rateLimiter }) });

await rehearse(workerModels({ limits: settings.limits }));

/** Is logged once, with the first request: what is logged at start belongs to no request, and is not kept. */
let notice = settings.log === 'requests' && !settings.localKey ? absentBindings(env) : undefined;

export default {
  fetch: (request: Request, _: unknown, context: Context['executionCtx']) => {
    if (notice) logEvent(notice);
    notice = undefined;
    return answer(request, undefined, context);
  },
  queue: jobsConsumer(models),
};
