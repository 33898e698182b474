/** What the isolates of a Worker report of a shadow, added up. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminStats, ShadowStats } from '../../../shared/adminApi.ts';
import type { LiveWorker } from '../live.ts';

/** A version in production, and its shadow. */
export interface ShadowedVersions {
  readonly model: string;
  readonly production: string;
  readonly shadow: string;
}

type Counts = Pick<ShadowStats, 'requests' | 'rows' | 'errors' | 'dropped'>;

/** What both versions have answered to the same requests, since each isolate began to ask the shadow. */
export interface ShadowFigures extends Counts {
  readonly operations: readonly OperationFigures[];
  readonly isolates: number;
  /** Rows with a verdict, and those for which it is another one. */
  readonly judged: number;
  readonly differing: number;
  /** Answers by duration: one number for each of `bounds`, in seconds, and one for longer ones. */
  readonly durations: readonly number[];
  readonly productionDurations: readonly number[];
  readonly bounds: readonly number[];
}

/** The part of one operation; differences are absolute, of numbers that mean the same in both answers. */
export interface OperationFigures {
  readonly operation: string;
  readonly requests: number;
  readonly judged: number;
  readonly differing: number;
  /** Null if no numbers were compared. */
  readonly meanDifference: number | null;
  readonly largestDifference: number | null;
}

const PAUSE_MS = 200;

/**
 * Asks for the figures until `enough` requests were compared, `seconds` at most. Each reading comes from any of the
 * Worker's isolates. Undefined if none can be read: no answer, or a key without the scope `admin`.
 */
export async function readShadow(
  live: Pick<LiveWorker, 'stats'>,
  versions: ShadowedVersions,
  { enough, seconds }: { readonly enough: number; readonly seconds: number },
): Promise<ShadowFigures | undefined> {
  const readings = new Map<string, AdminStats>();
  for (const started = performance.now(); ; await sleep(PAUSE_MS)) {
    const stats = await live.stats();
    if (stats !== undefined) readings.set(stats.isolate, stats);
    const figures = readings.size === 0 ? undefined : addedUp([...readings.values()], versions);
    const isOver = performance.now() - started >= seconds * 1000;
    if (isOver || (figures?.requests ?? 0) >= enough || (stats === undefined && figures === undefined))
      return figures;
  }
}

/** Adds up the last reading of each isolate. */
export function addedUp(
  readings: readonly AdminStats[],
  { model, production, shadow }: ShadowedVersions,
): ShadowFigures {
  const own = readings
    .flatMap(({ shadows }) => shadows)
    .filter((each) => each.name === model && each.production === production && each.shadow === shadow);
  const sum = (of: (each: ShadowStats) => number) => own.reduce((total, each) => total + of(each), 0);
  const bounds = readings[0]?.durationBounds ?? [];
  const byDuration = (of: 'durations' | 'productionDurations') =>
    [...bounds, Number.POSITIVE_INFINITY].map((_, i) => sum((each) => each[of][i] ?? 0));
  return {
    requests: sum(({ requests }) => requests),
    rows: sum(({ rows }) => rows),
    errors: sum(({ errors }) => errors),
    dropped: sum(({ dropped }) => dropped),
    judged: sum(({ verdicts }) => verdicts?.rows ?? 0),
    differing: sum(({ verdicts }) => verdicts?.differing ?? 0),
    operations: [...new Set(own.map(({ operation }) => operation))].map((operation) =>
      operationFigures(operation, own),
    ),
    isolates: readings.length,
    durations: byDuration('durations'),
    productionDurations: byDuration('productionDurations'),
    bounds,
  };
}

function operationFigures(operation: string, all: readonly ShadowStats[]): OperationFigures {
  const own = all.filter((each) => each.operation === operation);
  const sum = (of: (each: ShadowStats) => number) => own.reduce((total, each) => total + of(each), 0);
  const count = sum(({ values }) => values?.count ?? 0);
  const distance = sum(({ values }) => (values?.count ?? 0) * (values?.meanDifference ?? 0));
  return {
    operation,
    requests: sum(({ requests }) => requests),
    judged: sum(({ verdicts }) => verdicts?.rows ?? 0),
    differing: sum(({ verdicts }) => verdicts?.differing ?? 0),
    meanDifference: count === 0 ? null : distance / count,
    largestDifference:
      count === 0 ? null : Math.max(...own.map(({ values }) => values?.largestDifference ?? 0)),
  };
}

/** A line for each operation, for people: `score: 120 requests, values differ by 0.01 (largest 0.3), ...`. */
export function shadowLines({ operations }: ShadowFigures): string[] {
  return operations.map(({ operation, requests, judged, differing, meanDifference, largestDifference }) =>
    [
      `shadow, ${operation}: ${requests} requests`,
      ...(meanDifference === null
        ? []
        : [
            `values differ by ${meanDifference.toPrecision(3)} on average, ${largestDifference!.toPrecision(3)} at most`,
          ]),
      ...(judged === 0 ? [] : [`${differing} of ${judged} verdicts differ`]),
    ].join(', '),
  );
}
