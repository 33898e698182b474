import { Hono } from 'hono';
import type { Health } from '../../shared/api.ts';
import type { AppEnvironment } from '../environment.ts';

/** `GET /health`: the Worker is up. It loads no model, so that polling stays cheap. */
export const health = new Hono<AppEnvironment>().get('/health', async (c) => {
  const { length } = await c.get('models').list();
  return c.json({ status: 'ok', models: length } satisfies Health, 200);
});
