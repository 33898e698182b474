/** Simulations of what Cloudflare's network would do, held against the benchmarks of this machine. */
import { readFileSync } from 'node:fs';
import { CHUNK_LIMITS } from '../../../../edge/jobs/chunks.ts';
import { expectedColdShare, simulatedColdShare, type Traffic } from '../../capacity/coldShare.ts';
import { FREE_CPU_MS, marginalCost, monthWith, useOf } from '../../capacity/jobCost.ts';
import { type JobAssumptions, type JobFile, simulateJob } from '../../capacity/jobRun.ts';
import { spreadOf } from '../spread.ts';
import type { ComparedModel, Comparison, MeanWithError } from './comparison.ts';

const PAGE = 'docs/capacity.md';
const SEEDS = [1, 2, 3, 4, 5] as const;
const SPREAD = `the standard deviation over ${SEEDS.length} seeds`;
const MB = 1_000_000;

/** Bytes of a row of ten columns, and of its score with three contributions. */
const FILE = { rowBytes: 100, answerBytes: 450 } as const;
const ASSUMED = {
  ...{ planned: 50 * MB, joined: 50 * MB },
  ...{ delivery: 0.5, spread: 0.2, repeated: 0.001 },
} as const satisfies Omit<JobAssumptions, 'rowsPerSecond' | 'consumers'>;
const CONSUMERS = [1, 10, 250] as const;
const JOBS = { '10^6': 1e6, '10^9': 1e9 } as const;

/** The benchmark: its rows, and the bytes of a row of 784 pixels and of an answer. */
const BENCH: JobFile = { rows: 30_000, rowBytes: 4100, answerBytes: 400 };
/** The least share that the benchmark and the simulation must be of each other. */
const WITHIN = 0.5;

export const jobCapacity: Comparison = {
  page: PAGE,
  section: 'job-capacity',
  of: 'rows and consumers',
  metrics: ['minutes', 'rows/s', 'steps', 'CPU minutes', '$ of the job', '$ of a month'],
  spread: SPREAD,
  measure: async (print) => {
    const rowsPerSecond = benchFigure('jobs/streamed');
    const cpuMs = 1000 / rowsPerSecond;
    const contenders: ComparedModel[] = [];
    for (const [name, rows] of Object.entries(JOBS)) {
      for (const consumers of CONSUMERS) {
        const runs = SEEDS.map((seed) => {
          const job = simulateJob({ rows, ...FILE }, { ...ASSUMED, rowsPerSecond, consumers }, seed);
          const use = useOf(job, rows, cpuMs);
          return {
            minutes: job.seconds / 60,
            'rows/s': rows / job.seconds,
            steps: job.steps,
            'CPU minutes': use.cpuMs / 60_000,
            '$ of the job': marginalCost(use),
            '$ of a month': monthWith(use),
          };
        });
        contenders.push({ name: `${name} rows, ${consumers} at a time`, figures: figuresOf(runs) });
        print(`${name} rows, ${consumers} at a time: ${runs[0]!.minutes.toFixed(1)} minutes`);
      }
    }
    // The bucket is on this machine, too.
    const planned = (BENCH.rows * BENCH.rowBytes) / benchFigure('planning/job');
    const own = { ...ASSUMED, planned, rowsPerSecond, consumers: 1, delivery: 0, spread: 0, repeated: 0 };
    const simulated = BENCH.rows / simulateJob(BENCH, own, 1).seconds;
    const measured = benchFigure('jobs/job');
    print(`the benchmark: ${Math.round(measured)} rows/s, simulated ${Math.round(simulated)}`);
    const chunkMs = cpuMs * CHUNK_LIMITS.rows;
    const checks = [
      { what: 'CPU ms of a chunk : of the free plan', figure: chunkMs / FREE_CPU_MS, least: 1 },
      { what: 'rows/s of the benchmark : simulated', figure: measured / simulated, least: WITHIN },
      { what: 'rows/s simulated : of the benchmark', figure: simulated / measured, least: WITHIN },
    ];
    return { contenders, checks };
  },
};

const LOCATIONS = [30, 300] as const;
const LIFETIMES = { '10 s': 10, '1 min': 60, '10 min': 600 } as const;
const RATES = { '1 a minute': 1 / 60, '1 a second': 1, '100 a second': 100 } as const;
const EXPONENT = 1;
const REQUESTS = 200_000;
/** Largest distance of a simulated share from the sum that it must approach. */
const DISTANCE = 0.01;

export const coldIsolates: Comparison = {
  page: PAGE,
  section: 'cold-isolates',
  of: 'requests and locations',
  metrics: Object.keys(LIFETIMES).map((name) => `kept ${name}`),
  spread: SPREAD,
  measure: async (print) => {
    let distance = 0;
    const contenders: ComparedModel[] = [];
    for (const [rate, requestsPerSecond] of Object.entries(RATES)) {
      for (const locations of LOCATIONS) {
        const figures = Object.entries(LIFETIMES).map(([name, lifetime]) => {
          const traffic: Traffic = { locations, exponent: EXPONENT, requestsPerSecond, lifetime };
          const shares = SEEDS.map((seed) => simulatedColdShare(traffic, REQUESTS, seed));
          const { mean, standardDeviation: error } = spreadOf(shares);
          distance = Math.max(distance, Math.abs(mean - expectedColdShare(traffic)));
          return [`kept ${name}`, { mean, error }] as const;
        });
        contenders.push({ name: `${rate}, ${locations} locations`, figures: Object.fromEntries(figures) });
        print(
          `${rate}, ${locations} locations: ${figures.map(([, { mean }]) => mean.toFixed(4)).join(', ')}`,
        );
      }
    }
    const what = '1 - largest distance from the sum over locations';
    return { contenders, checks: [{ what, figure: 1 - distance, least: 1 - DISTANCE }] };
  },
};

/** Reads a figure that `npm run figures` has measured. @throws {Error} if there is none. */
function benchFigure(name: string): number {
  const [, figure] =
    new RegExp(`^\\| ${name} \\| ([\\d,.]+) `, 'm').exec(readFileSync('docs/benchmarks.md', 'utf8')) ?? [];
  if (figure === undefined)
    throw new Error(`docs/benchmarks.md: expected a row ${name}, as npm run figures writes it`);
  return Number(figure.replaceAll(',', ''));
}

function figuresOf(runs: readonly Readonly<Record<string, number>>[]): Record<string, MeanWithError> {
  return Object.fromEntries(
    Object.keys(runs[0]!).map((name) => {
      const { mean, standardDeviation: error } = spreadOf(runs.map((run) => run[name]!));
      return [name, { mean, error }];
    }),
  );
}
