/** Cost of a call from another Worker by Workers RPC, next to HTTP over the same service binding. */
import { join } from 'node:path';
import { buildWorker } from '../../../worker/build.ts';
import { bundleModels } from '../../../worker/bundle.ts';
import { startMiniflare } from '../../../worker/supervisor.ts';
import { workerOptions } from '../../../worker/worker.ts';
import { readWorkerConfig } from '../../../worker/wranglerConfig.ts';
import { type BenchResults, type Measurement, measurement, ratio } from '../benchReport.ts';
import type { EdgeBench } from './edgeBench.ts';

const ROUNDS = 7;
/** Calls per round, and how many of them run concurrently. */
const CALLS = 2000;
const AT_ONCE = 8;
const DOORS = ['rpc', 'http'] as const;
type DoorName = (typeof DOORS)[number];

/** The calling Worker: a given number of calls, one row each. */
const CALLER = `
  const headers = { 'Content-Type': 'application/octet-stream' };
  const doors = {
    rpc: (env, row) => env.RPC.encode('digits', row),
    http: async (env, body) => {
      const url = 'http://localhost/v1/models/digits/encode';
      const response = await env.HTTP.fetch(url, { method: 'POST', headers, body });
      if (response.status !== 200) throw new Error(await response.text());
      return new Float32Array(await response.arrayBuffer());
    },
  };
  export default {
    async fetch(request, env) {
      const { searchParams } = new URL(request.url);
      const call = doors[searchParams.get('door')];
      const row = new Float32Array(await request.arrayBuffer());
      let left = Number(searchParams.get('calls'));
      let width = 0;
      const keepCalling = async () => {
        while (left-- > 0) width = (await call(env, row)).length;
      };
      await Promise.all(Array.from({ length: ${AT_ONCE} }, keepCalling));
      return new Response(String(width));
    },
  };`;

/**
 * Measures `encode` for one row in calls per second. The doors take turns, so that other load on the machine
 * affects both alike.
 */
export async function benchDoors({ artifact, rows, folder, print }: EdgeBench): Promise<BenchResults> {
  const models = await bundleModels([artifact], join(folder, 'doors', 'bundle'));
  const build = await buildWorker(join(folder, 'doors', 'worker'), models);
  const worker = await workerOptions(build, { LOG: 'problems' });
  const { compatibility_date } = await readWorkerConfig();
  const miniflare = startMiniflare({
    cf: false,
    handleStructuredLogs: () => undefined,
    workers: [
      {
        ...{ name: 'caller', modules: true, script: CALLER },
        compatibilityDate: compatibility_date!,
        serviceBindings: { HTTP: 'callee', RPC: { name: 'callee', entrypoint: 'LatentedgeEntrypoint' } },
      },
      { ...worker, name: 'callee' },
    ],
  });
  const body = rows.slice(0, artifact.manifest.features.count);
  try {
    const url = await miniflare.ready;
    const callsPerSecond = async (door: DoorName): Promise<number> => {
      const start = performance.now();
      const asked = new URL(`/?door=${door}&calls=${CALLS}`, url);
      const response = await fetch(asked, { method: 'POST', body });
      const width = await response.text();
      if (width !== `${artifact.manifest.codeSize}`) throw new Error(`${door} answered ${width}`);
      return (1000 * CALLS) / (performance.now() - start);
    };
    const [rpc, http] = await inTurns(callsPerSecond, print);
    return { results: [rpc, http], ratios: [ratio(rpc, http, '>=', 1.5)] };
  } finally {
    await miniflare.dispose();
  }
}

/** The first round is a warm-up. */
async function inTurns(
  callsPerSecond: (door: DoorName) => Promise<number>,
  print: EdgeBench['print'],
): Promise<[rpc: Measurement, http: Measurement]> {
  const rates: Record<DoorName, number[]> = { rpc: [], http: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const door of DOORS) {
      const rate = await callsPerSecond(door);
      if (round === 0) continue;
      rates[door].push(rate);
      print(`doors/${door}, round ${round} of ${ROUNDS}: ${Math.round(rate)} calls/s`);
    }
  }
  const measured = (door: DoorName) => measurement(`doors/${door}`, 'calls/s', rates[door]);
  return [measured('rpc'), measured('http')];
}
