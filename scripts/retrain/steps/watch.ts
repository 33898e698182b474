import { setTimeout as sleep } from 'node:timers/promises';
import { GateError } from '../../../shared/errors.ts';
import { quantile } from '../../../shared/quantile.ts';
import { challengerOf, championOf, type RetrainRun } from '../context.ts';
import type { Probe, ProbedVersion } from '../live.ts';
import { operationsIn, probedVersion, requireKnownAnswers } from '../probing.ts';
import type { RetrainStep } from './step.ts';

/** Seconds that a Worker may take to see new aliases. */
const FOLLOWING = 60;
const PAUSE_MS = 200;
/** Tolerated increase in the share of failed requests, from production to canary. */
const MORE_ERRORS = 0.01;
/** Tolerated 95th percentile of the canary's latency: a multiple of production's, plus a margin for noise. */
const SLOWER = { times: 2, ms: 100 } as const;

export const watch: RetrainStep = {
  summary: 'monitors the canary: compares its errors, answers and latency with those of production',
  applies: ({ options }, { before }) => options.canary !== undefined && before !== null,
  run: async (run, state) => {
    const champion = (await championOf(run, state))!;
    const canary = (await probedVersion(run, await challengerOf(run, state), 'canary'))!;
    const production = await probedVersion(run, champion, 'production');
    await requireKnownAnswers(run, canary, FOLLOWING);
    const before = await requestsOf(run);
    const probes = await probed(run, [canary, ...(production ? [production] : [])]);
    judgeProbes(run, probes);
    const after = await requestsOf(run);
    const live = (version: string) => share(before.get(version), after.get(version));
    const [own, other] = [live(canary.manifest.version), live(champion.manifest.version)];
    run.print(
      `requests to this isolate, including our own: canary ${own.errors} of ${own.requests} failed, production ${other.errors} of ${other.requests}`,
    );
    // The share of a few requests is not significant.
    if (own.requests >= 20 && own.rate > other.rate + MORE_ERRORS) {
      throw new GateError(
        `the canary failed ${own.errors} of ${own.requests} requests to this isolate, production ${other.errors} of ${other.requests}`,
      );
    }
    return {};
  },
};

/** Probes the versions in turns, so that both meet the same conditions. */
async function probed(
  run: RetrainRun,
  versions: readonly ProbedVersion[],
): Promise<Map<ProbedVersion, Probe[]>> {
  const probes = new Map(versions.map((each) => [each, [] as Probe[]]));
  const started = performance.now();
  do {
    for (const each of versions) {
      const operations = operationsIn(each);
      const own = probes.get(each)!;
      own.push(await run.target.live.probe(operations[own.length % operations.length]!, each));
    }
    await sleep(PAUSE_MS);
  } while (performance.now() - started < run.options.watch * 1000);
  return probes;
}

/** Prints the results of the probes. @throws {GateError} if the canary fails too often, or is too slow. */
function judgeProbes(run: RetrainRun, probes: ReadonlyMap<ProbedVersion, readonly Probe[]>): void {
  const [canary, production] = [...probes].map(([{ manifest }, own]) => {
    const wrong = own.filter(({ problem, version }) => problem !== undefined || version !== manifest.version);
    const times = own.map(({ ms }) => ms).sort((a, b) => a - b);
    const p95 = quantile(times, 0.95);
    return { ...{ requests: own.length, p95, errors: wrong.length }, first: wrong[0] };
  });
  for (const [name, each] of Object.entries({ canary, production })) {
    if (each)
      run.print(
        `monitored ${name}: ${each.errors} of ${each.requests} failed, p95 ${each.p95.toFixed(1)} ms`,
      );
  }
  if (canary!.errors > MORE_ERRORS * canary!.requests) {
    const { problem, version } = canary!.first!;
    throw new GateError(
      `the canary failed ${canary!.errors} of ${canary!.requests} requests: ${problem ?? `answered by ${version}`}`,
    );
  }
  const slowest = production && SLOWER.times * production.p95 + SLOWER.ms;
  if (slowest !== undefined && canary!.p95 > slowest) {
    throw new GateError(
      `the canary is too slow: p95 ${canary!.p95.toFixed(1)} ms, production ${production!.p95.toFixed(1)} ms`,
    );
  }
}

interface RequestCounts {
  readonly requests: number;
  readonly errors: number;
}

/**
 * Requests of clients and probes by version, in the isolate that answers; empty if the key does not permit
 * reading them.
 */
async function requestsOf(run: RetrainRun): Promise<ReadonlyMap<string, RequestCounts>> {
  const stats = (await run.target.live.stats()) ?? [];
  return new Map(stats.filter(({ name }) => name === run.model).map((each) => [each.version, each]));
}

/** Requests between two readings, and their error rate. */
function share(
  before: RequestCounts | undefined,
  after: RequestCounts | undefined,
): RequestCounts & { readonly rate: number } {
  const requests = Math.max(0, (after?.requests ?? 0) - (before?.requests ?? 0));
  const errors = Math.max(0, (after?.errors ?? 0) - (before?.errors ?? 0));
  return { requests, errors, rate: requests === 0 ? 0 : errors / requests };
}
