import type { Limits } from './limits.ts';
import type { Models } from './models.ts';

/** What the app is made of; `createApp` puts it in every request's context. */
export interface Services {
  models: Models;
  limits: Limits;
}

/** Hono's environment for every route: `c.var.models`, `c.var.limits`. */
export interface AppEnvironment {
  Variables: Services;
}
