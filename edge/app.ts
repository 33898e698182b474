/** The API, composed of its routes; independent of the source of models and of the runtime. */
import { Hono } from 'hono';
import type { ApplyGlobalResponse } from 'hono/client';
import type { Problem } from '../shared/api.ts';
import type { AppEnvironment, Services } from './environment.ts';
import { createInFlight, type InFlight } from './inFlight.ts';
import { authorize, identify } from './middleware/auth.ts';
import { cors } from './middleware/cors.ts';
import { onError } from './middleware/errors.ts';
import { inFlight } from './middleware/inFlight.ts';
import { rateLimit } from './middleware/rateLimit.ts';
import { securityHeaders } from './middleware/securityHeaders.ts';
import { inStages, type Stage } from './middleware/stages.ts';
import { telemetry } from './middleware/telemetry.ts';
import { timeLimit } from './middleware/timeLimit.ts';
import { uncompressed } from './middleware/uncompressed.ts';
import { unreadBody } from './middleware/unreadBody.ts';
import { unrouted } from './middleware/unrouted.ts';
import { localPath } from './mounting.ts';
import type { ProblemStatus } from './problems.ts';
import { admin } from './routes/admin.ts';
import { docs } from './routes/docs.ts';
import { feedback } from './routes/feedback.ts';
import { health } from './routes/health.ts';
import { home } from './routes/home.ts';
import { jobs } from './routes/jobs.ts';
import { mcp } from './routes/mcp.ts';
import { memoRouter } from './routes/memoRouter.ts';
import { metrics } from './routes/metrics.ts';
import { models } from './routes/models.ts';
import { openapi } from './routes/openapi.ts';
import { operations } from './routes/operations.ts';
import { problems } from './routes/problems.ts';
import { protocol } from './routes/protocol.ts';
import { reportingDrift } from './telemetry/analytics.ts';
import { createInferences } from './telemetry/inferences.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createShadows } from './telemetry/shadows.ts';

/**
 * Creates the app that answers every request, with the given models and settings.
 *
 * @example
 * const models = new Models({ bundled: bundledModels(), ... });
 * const app = createApp({ models, settings: readSettings(env) });
 */
export function createApp(services: Services) {
  const { settings, bindings = {} } = services;
  const app = new Hono<AppEnvironment>({ getPath: localPath, router: memoRouter() });
  app.onError(onError);
  app.notFound(unrouted(app));
  const shared = services.inFlight ?? createInFlight();
  // The order matters. The record comes first, then what refusals need too: headers, and reading the rest of
  // the body. Browsers send preflights without keys, so CORS comes before authentication. Callers are
  // identified before the rate limit, which counts each key separately, and authorized after it, so that
  // guessed keys are counted too. Only requests that pass all of this may hold memory, get a time limit, and
  // a route.
  const answers = [
    provide(services, shared),
    telemetry(settings, bindings.analytics),
    ...[securityHeaders, uncompressed, unreadBody],
  ];
  const requests = [
    identify(settings),
    ...(bindings.rateLimiter ? [rateLimit(bindings.rateLimiter)] : []),
    authorize(settings),
    inFlight(shared, settings.limits),
  ];
  if (settings.corsOrigins.length === 0) app.use(inStages([...answers, ...requests]));
  else app.use(inStages(answers)).use(cors(settings.corsOrigins)).use(inStages(requests));
  app.use(timeLimit(settings.limits.maxSeconds));
  app.route('/', mcp(services));
  return app
    .route('/', home(settings))
    .route('/', health)
    .route('/', models)
    .route('/', operations)
    .route('/', jobs(bindings.jobs))
    .route('/', feedback(bindings.rows))
    .route('/', problems)
    .route('/', openapi)
    .route('/', docs)
    .route('/', protocol)
    .route('/', metrics)
    .route('/', admin);
}

/** Puts the services and counters that all requests of this isolate share into the context of each. */
function provide(services: Services, shared: InFlight): Stage {
  const { models, settings, bindings } = services;
  const { metrics = createMetrics(), drift = reportingDrift(bindings?.analytics) } = services;
  const { inferences = createInferences(), shadows = createShadows(), rowLog, shadowing } = services;
  return {
    before: (c) => {
      c.set('models', models);
      c.set('limits', settings.limits);
      c.set('metrics', metrics);
      c.set('drift', drift);
      c.set('vectors', bindings?.vectors);
      c.set('inFlight', shared);
      c.set('inferences', inferences);
      c.set('rowLog', rowLog);
      c.set('shadowing', shadowing);
      c.set('shadows', shadows);
    },
  };
}

/** The types of the routes for Hono's typed client; any route may also answer with a problem. */
export type AppType = ApplyGlobalResponse<
  ReturnType<typeof createApp>,
  Record<ProblemStatus, { json: Problem }>
>;
