import { setTimeout as sleep } from 'node:timers/promises';
import { GateError } from '../../../shared/errors.ts';
import { quantile } from '../../../shared/quantile.ts';
import { askedOf, operationsIn, requireAnswered } from '../asking.ts';
import { challengerOf, championOf, type Run } from '../context.ts';
import type { Asked, Probe } from '../live.ts';
import type { Step } from './step.ts';

/** Seconds until every Worker has seen new aliases. */
const FOLLOWING = 60;
const PAUSE_MS = 200;
/** Share of failed requests by which a canary may be worse than production. */
const MORE_ERRORS = 0.01;
/** How much slower a canary may be at the 95th percentile: twice, and what a machine may stutter. */
const SLOWER = { times: 2, ms: 100 } as const;

export const watch: Step = {
  summary:
    'for as long as asked, holds errors, answers and latency of the canary against those of production',
  applies: ({ options }, { before }) => options.canary !== undefined && before !== null,
  run: async (run, state) => {
    const champion = (await championOf(run, state))!;
    const canary = (await askedOf(run, await challengerOf(run, state), 'canary'))!;
    const production = await askedOf(run, champion, 'production');
    await requireAnswered(run, canary, FOLLOWING);
    const before = await requestsOf(run);
    const probes = await probed(run, [canary, ...(production ? [production] : [])]);
    judgeProbes(run, probes);
    const after = await requestsOf(run);
    const live = (version: string) => share(before.get(version), after.get(version));
    const [own, other] = [live(canary.manifest.version), live(champion.manifest.version)];
    run.print(
      `requests to this isolate, our own among them: canary ${own.errors} of ${own.requests} failed, production ${other.errors} of ${other.requests}`,
    );
    // A share of few requests says nothing.
    if (own.requests >= 20 && own.rate > other.rate + MORE_ERRORS) {
      throw new GateError(
        `the canary failed ${own.errors} of ${own.requests} requests to this isolate, production ${other.errors} of ${other.requests}`,
      );
    }
    return {};
  },
};

/** By turns, so that both meet the same conditions. */
async function probed(run: Run, asked: readonly Asked[]): Promise<Map<Asked, Probe[]>> {
  const probes = new Map(asked.map((each) => [each, [] as Probe[]]));
  const started = performance.now();
  do {
    for (const each of asked) {
      const operations = operationsIn(each);
      const own = probes.get(each)!;
      own.push(await run.target.live.probe(operations[own.length % operations.length]!, each));
    }
    await sleep(PAUSE_MS);
  } while (performance.now() - started < run.options.watch * 1000);
  return probes;
}

function judgeProbes(run: Run, probes: ReadonlyMap<Asked, readonly Probe[]>): void {
  const [canary, production] = [...probes].map(([{ manifest }, own]) => {
    const wrong = own.filter(({ problem, version }) => problem !== undefined || version !== manifest.version);
    const times = own.map(({ ms }) => ms).sort((a, b) => a - b);
    const p95 = quantile(times, 0.95);
    return { ...{ requests: own.length, p95, errors: wrong.length }, first: wrong[0] };
  });
  for (const [name, each] of Object.entries({ canary, production })) {
    if (each)
      run.print(`watched ${name}: ${each.errors} of ${each.requests} failed, p95 ${each.p95.toFixed(1)} ms`);
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
      `the canary is slow: p95 ${canary!.p95.toFixed(1)} ms, production ${production!.p95.toFixed(1)} ms`,
    );
  }
}

interface Counts {
  readonly requests: number;
  readonly errors: number;
}

/** Of clients and of ourselves, by version, in the isolate that answers; empty where the key may not see them. */
async function requestsOf(run: Run): Promise<ReadonlyMap<string, Counts>> {
  const stats = (await run.target.live.stats()) ?? [];
  return new Map(stats.filter(({ name }) => name === run.model).map((each) => [each.version, each]));
}

function share(before: Counts | undefined, after: Counts | undefined): Counts & { readonly rate: number } {
  const requests = Math.max(0, (after?.requests ?? 0) - (before?.requests ?? 0));
  const errors = Math.max(0, (after?.errors ?? 0) - (before?.errors ?? 0));
  return { requests, errors, rate: requests === 0 ? 0 : errors / requests };
}
