/** The API, put together from its routes; it knows neither where models come from nor what runs them. */
import { Hono } from 'hono';
import type { ApplyGlobalResponse } from 'hono/client';
import type { Problem } from '../shared/api.ts';
import type { AppEnvironment, Services } from './environment.ts';
import { onError, onNotFound } from './middleware/errors.ts';
import { methods } from './middleware/methods.ts';
import type { ProblemStatus } from './problems.ts';
import { docs } from './routes/docs.ts';
import { health } from './routes/health.ts';
import { models } from './routes/models.ts';
import { openapi } from './routes/openapi.ts';
import { operations } from './routes/operations.ts';
import { problems } from './routes/problems.ts';

/**
 * The app that answers every request, with the given models and limits.
 *
 * @example
 * const app = createApp({ models: new Models(bundledModels(), openOnnxSession), limits: readLimits(env) });
 */
export function createApp(services: Services) {
  const app = new Hono<AppEnvironment>();
  app.onError(onError);
  app.notFound(onNotFound);
  app.use((c, next) => {
    c.set('models', services.models);
    c.set('limits', services.limits);
    return next();
  });
  app.use(methods(app));
  return app
    .route('/', health)
    .route('/', models)
    .route('/', operations)
    .route('/', problems)
    .route('/', openapi)
    .route('/', docs);
}

/** The routes as Hono's typed client sees them; any of them may also answer with a problem. */
export type AppType = ApplyGlobalResponse<
  ReturnType<typeof createApp>,
  Record<ProblemStatus, { json: Problem }>
>;
