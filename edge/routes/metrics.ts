import { Hono } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { outages } from '../models/availability.ts';
import { PROMETHEUS_TYPE, prometheusText } from '../telemetry/prometheus.ts';

/** `GET /metrics`: the counters of this isolate, for Prometheus. It needs the scope `admin`. */
export const metrics = new Hono<AppEnvironment>().get('/metrics', async (c) => {
  const { models, drift, metrics, shadows } = c.var;
  const served = (await models.list()).map((manifest) => {
    const { name, version, createdAt } = manifest;
    return { name, version, createdAt: Date.parse(createdAt), drift: drift.summary(manifest) };
  });
  const scraped = { metrics, shadows, models: served, aliases: models.knownAliases() };
  const text = prometheusText({ ...scraped, ...outages() });
  return c.text(text, 200, { 'Content-Type': PROMETHEUS_TYPE });
});
