/** What a shadow costs the clients of the version in production. */
import { join } from 'node:path';
import { SCOPES } from '../../../../edge/access.ts';
import { AdminStats } from '../../../../shared/adminApi.ts';
import { type Artifact, versionOf } from '../../../../training/artifact/artifact.ts';
import { publishArtifact, writeAliases } from '../../../store/publish.ts';
import { buildWorker } from '../../../worker/build.ts';
import { bundleModels } from '../../../worker/bundle.ts';
import { newKey } from '../../../worker/newKey.ts';
import { startWorker } from '../../../worker/worker.ts';
import { type BenchResults, type Measurement, measurement, ratio } from '../benchReport.ts';
import type { EdgeBench } from './edgeBench.ts';
import { quiet } from './frozenVersion.ts';
import { type BenchRequest, sendFor } from './httpClient.ts';
import { latencyClient } from './latencyClient.ts';

const ROUNDS = 7;
const SECONDS = 2;
/** Requests one after the other. */
const REQUESTS = 1000;
/** Share of the rate, and factor of the latency, that clients may notice. */
const [RATE, LATENCY] = [0.8, 2];

/**
 * Measures `encode` of one row, of a model without a shadow and of one whose every request is copied: requests per second
 * of eight clients, which saturate the Worker, and the latency of one client. Both models have the same graphs, and take
 * turns.
 */
export async function benchShadow({ artifact, rows, folder, print }: EdgeBench): Promise<BenchResults> {
  const models = await bundleModels([], join(folder, 'shadow', 'bundle'), { runtime: 'stock' });
  const { key, entry } = newKey('bench', SCOPES);
  const variables = { ...quiet.variables, LOCAL_KEY: JSON.stringify(entry) };
  const build = await buildWorker(join(folder, 'shadow', 'worker'), models);
  const worker = await startWorker(build, { ...quiet, variables });
  const client = latencyClient();
  try {
    const bucket = await worker.bucket();
    const [plain, production, shadow] = [
      copyOf(artifact, 'without', 1),
      copyOf(artifact, 'with', 1),
      copyOf(artifact, 'with', 2),
    ] as const;
    for (const each of [plain, production, shadow]) await publishArtifact(bucket, each);
    const versionIn = ({ manifest: { version } }: Artifact) => version;
    await writeAliases(bucket, 'without', { production: versionIn(plain) });
    await writeAliases(bucket, 'with', {
      production: versionIn(production),
      shadow: { version: versionIn(shadow), percentage: 100 },
    });
    const row = rows.slice(0, artifact.manifest.features.count);
    const json = JSON.stringify({ rows: [[...row]] });
    const urlOf = (name: string) => new URL(`/v1/models/${name}/encode`, worker.url);
    const rates: Record<string, number[]> = { without: [], with: [] };
    const latencies: Record<string, number[]> = { without: [], with: [] };
    // The first round is a warm-up.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const name of ['without', 'with']) {
        const request: BenchRequest = {
          ...{ url: urlOf(name), body: Buffer.from(row.buffer), contentType: 'application/octet-stream' },
        };
        const rate = (await sendFor(SECONDS, request)) / SECONDS;
        const sent = Array.from({ length: REQUESTS }, () => [urlOf(name).href, json] as const);
        const latency = await client.p99(sent);
        if (round === 0) continue;
        rates[name]!.push(rate);
        latencies[name]!.push(latency);
        print(`shadow/${name}, round ${round} of ${ROUNDS}: ${Math.round(rate)} requests/s`);
      }
    }
    const measured = (what: string, unit: string, taken: Record<string, number[]>) =>
      ['without', 'with'].map((name) => measurement(`${what}/${name} a shadow`, unit, taken[name]!)) as [
        Measurement,
        Measurement,
      ];
    const [rate, shadowedRate] = measured('rate', 'requests/s', rates);
    const [p99, shadowedP99] = measured('p99', 'ms', latencies);
    const headers = { Authorization: `Bearer ${key}` };
    const stats = await fetch(new URL('/admin/stats', worker.url), { headers });
    const [counted] = AdminStats.parse(await stats.json()).shadows;
    const { requests, dropped } = counted!;
    const copied = measurement('copies/compared', '% of requests', [(100 * requests) / (requests + dropped)]);
    return {
      results: [rate, shadowedRate, p99, shadowedP99, copied],
      ratios: [ratio(shadowedRate, rate, '>=', RATE), ratio(shadowedP99, p99, '<=', LATENCY)],
    };
  } finally {
    client.close();
    await worker.dispose();
  }
}

/** The same graphs, as a version of another model. */
function copyOf(artifact: Artifact, name: string, seed: number): Artifact {
  const { version: _, ...content } = artifact.manifest;
  const own = { ...content, name, training: { ...content.training!, seed } };
  return { ...artifact, manifest: { ...own, version: versionOf(own) } };
}
