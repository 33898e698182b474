import { setTimeout as sleep } from 'node:timers/promises';
import { GateError } from '../../../shared/errors.ts';
import { quantile } from '../../../shared/quantile.ts';
import type { AnswersSource } from '../canary/answersSource.ts';
import { type AnswersJudge, answersJudge } from '../canary/judgeAnswers.ts';
import { tally } from '../canary/tally.ts';
import { challengerOf, championOf, type RetrainRun } from '../context.ts';
import type { Probe, ProbedVersion } from '../live.ts';
import { operationsIn, probedVersion, probeWithKey, requireKnownAnswers } from '../probing.ts';
import { hasCanary, requireCanary } from './canary.ts';
import type { RetrainStep } from './step.ts';

/** Seconds that a Worker may take to see new aliases. */
const FOLLOWING = 60;
const PAUSE_MS = 200;
/** Milliseconds between two lines about what is known so far. */
const TELL_MS = 10_000;
/** Tolerated share of failed requests for the known rows. */
const WRONG = 0.01;
/** Tolerated 95th percentile of the canary's latency: a multiple of production's, plus a margin for noise. */
const SLOWER = { times: 2, ms: 100 } as const;

export const watch: RetrainStep = {
  summary:
    'monitors the canary: compares its answers to clients and to the known rows with those of production',
  applies: hasCanary,
  run: async (run, state) => {
    const champion = (await championOf(run, state))!;
    const canary = (await probedVersion(run, await challengerOf(run, state), 'canary'))!;
    const production = await probedVersion(run, champion, 'production');
    await requireKnownAnswers(run, canary, FOLLOWING);
    const probes = new Map<ProbedVersion, Probe[]>();
    for (const each of [canary, ...(production ? [production] : [])]) probes.set(each, []);
    const counted = tally(run.model);
    const source = (await run.target.answers?.(run.model)) ?? isolateStatistics(run);
    const judge = answersJudge(counted, {
      ...{ production: champion.manifest.version, canary: canary.manifest.version },
      ownRequests: (version) =>
        [...probes].find(([each]) => each.manifest.version === version)?.[1].length ?? 0,
    });
    const { watch: seconds, canaryAnswers } = run.options;
    run.print(
      `for up to ${seconds} s, or until canary and production have each given ${canaryAnswers} answers to clients`,
    );
    const started = performance.now();
    let toldAt = started;
    const isOver = () => performance.now() - started >= run.options.watch * 1000;
    let isKnown = false;
    do {
      await probeAll(run, probes);
      const answers = await source.read();
      const refusal = run.target.live.statsRefusal();
      // Without the scope admin, the answers would not be known at the end either.
      if (answers === undefined && refusal !== undefined && run.options.fewAnswers === 'refuse')
        throw new GateError(`the answers of the canary to clients are not known: ${refusal}`);
      if (answers !== undefined) counted.add(answers);
      isKnown ||= answers !== undefined;
      const reason = judge.look();
      if (reason !== undefined) throw new GateError(reason);
      if (performance.now() - toldAt >= TELL_MS) {
        toldAt = performance.now();
        const { canary: own, production: other } = judge.answers();
        const passed = Math.round((toldAt - started) / 1000);
        run.print(`${passed} of ${seconds} s: canary ${own}, production ${other} answers to clients so far`);
      }
      await sleep(PAUSE_MS);
    } while (!isOver() && !hasEnough(run, judge));
    await requireCanary(run, state);
    judgeProbes(run, probes);
    const { canary: own, production: other } = judge.answers();
    run.print(
      isKnown
        ? `answers to clients, ${source.where(counted.isolates)}: canary ${own}, production ${other}`
        : 'answers to clients: not known, as the key has not the scope admin',
    );
    if (!run.options.dryRun && !hasEnough(run, judge)) fewAnswers(run, isKnown ? own : undefined);
    return {};
  },
};

/** Counts by the statistics of the isolates that happen to answer. */
function isolateStatistics({ target: { live } }: RetrainRun): AnswersSource {
  return {
    read: () => live.stats(),
    where: (isolates) => `in ${isolates} ${isolates === 1 ? 'isolate' : 'isolates'}`,
  };
}

function hasEnough({ options: { canaryAnswers } }: RetrainRun, judge: AnswersJudge): boolean {
  const { canary, production } = judge.answers();
  return canary >= canaryAnswers && production >= canaryAnswers;
}

/** Decides on a canary that clients have asked too little. @throws {GateError} unless it is to be promoted. */
function fewAnswers(
  { options: { canaryAnswers, watch: seconds, fewAnswers: decision }, command, print }: RetrainRun,
  answers: number | undefined,
): void {
  const found = answers === undefined ? 'an unknown number' : `${answers}`;
  const fact = `too little traffic to judge the canary: ${found} of ${canaryAnswers} answers to clients in ${seconds} s`;
  if (decision === 'promote') print(`${fact}; promoted all the same (--few-answers promote)`);
  else
    throw new GateError(fact, {
      next: `run again with a longer --watch, a larger --canary or fewer --canary-answers; or, to promote it all the same: ${command.line} --few-answers promote`,
    });
}

/** Probes the versions in turns, so that both meet the same conditions. */
async function probeAll(run: RetrainRun, probes: ReadonlyMap<ProbedVersion, Probe[]>): Promise<void> {
  for (const [each, own] of probes) {
    const operations = operationsIn(each);
    own.push(await probeWithKey(run.target.live, operations[own.length % operations.length]!, each));
  }
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
        `known rows, ${name}: ${each.errors} of ${each.requests} failed, p95 ${each.p95.toFixed(1)} ms`,
      );
  }
  if (canary!.errors > WRONG * canary!.requests) {
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
