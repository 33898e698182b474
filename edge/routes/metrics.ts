import { Hono } from 'hono';
import type { AppEnvironment } from '../environment.ts';
import { PROMETHEUS_TYPE, prometheusText } from '../telemetry/prometheus.ts';

/** `GET /metrics`: the counters of this isolate, for Prometheus. It needs the scope `admin`. */
export const metrics = new Hono<AppEnvironment>().get('/metrics', async (c) => {
  const { models, drift, metrics } = c.var;
  const drifts = (await models.list()).map((manifest) => {
    const { name, version } = manifest;
    return { name, version, drift: drift.summary(manifest) };
  });
  return c.text(prometheusText(metrics, drifts), 200, { 'Content-Type': PROMETHEUS_TYPE });
});
