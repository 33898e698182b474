import { Hono } from 'hono';
import type { AdminReload, AdminStats, ModelStats, ShadowStats } from '../../shared/adminApi.ts';
import type { Manifest } from '../../shared/manifest.ts';
import type { AppEnvironment, RequestVariables } from '../environment.ts';
import { BUCKETS } from '../telemetry/metrics.ts';
import type { ShadowSeries } from '../telemetry/shadows.ts';

/**
 * `GET /admin/stats` and `POST /admin/reload`: counts and drift, and an immediate read of the bucket. Both
 * need the scope `admin`, and both concern only the isolate that answers: Cloudflare runs many.
 */
export const admin = new Hono<AppEnvironment>()
  .get('/admin/stats', async (c) => {
    const manifests = await c.var.models.list();
    const isolates = c.var.models.isolates();
    return c.json(
      {
        isolate: isolateId(),
        durationBounds: [...BUCKETS],
        models: manifests.map((manifest) => statsOf(manifest, c.var)),
        shadows: c.var.shadows.series().map(shadowOf),
        isolates: isolates === undefined ? null : [...isolates],
      } satisfies AdminStats,
      200,
    );
  })
  .post('/admin/reload', async (c) => {
    const { models } = c.var;
    await models.reload();
    const served = (await models.list()).map(({ name, version }) => ({ name, version }));
    return c.json({ models: served } satisfies AdminReload, 200);
  });

let isolate: string | undefined;

/** Random numbers are not available before the first request. */
function isolateId(): string {
  isolate ??= crypto.randomUUID();
  return isolate;
}

function statsOf(manifest: Manifest, { metrics, drift }: RequestVariables): ModelStats {
  const { name, version } = manifest;
  const durations = new Array<number>(BUCKETS.length + 1).fill(0);
  const stats = { name, version, requests: 0, rows: 0, errors: 0, durations, drift: drift.summary(manifest) };
  for (const series of metrics.series()) {
    if (series.model !== name || series.version !== version) continue;
    stats.rows += series.rows;
    for (const [i, count] of series.durations.entries()) durations[i]! += count;
    for (const [status, count] of series.statuses) {
      stats.requests += count;
      if (status >= 400) stats.errors += count;
    }
  }
  return stats;
}

function shadowOf(series: ShadowSeries): ShadowStats {
  const { model: name, production, shadow, operation, requests, errors, dropped, difference } = series;
  const { rows, values: count, sum, largest: largestDifference, judged, differing } = difference;
  return {
    ...{ name, production, shadow, operation, requests, rows, errors, dropped },
    values: count === 0 ? null : { count, meanDifference: sum / count, largestDifference },
    verdicts: judged === 0 ? null : { rows: judged, differing },
    durations: [...series.durations],
    productionDurations: [...series.productionDurations],
  };
}
