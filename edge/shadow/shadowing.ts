/**
 * Copies of requests to shadows. A request has been answered when its copy is run, by the version in production and by
 * the shadow, one after the other. It never delays an answer, and never makes one fail.
 */
import type { GraphName, Manifest, OperationName } from '../../shared/manifest.ts';
import { type InFlight, isIdle } from '../inFlight.ts';
import { isInShare } from '../models/canary.ts';
import type { Models } from '../models/models.ts';
import type { Shadow } from '../models/release.ts';
import type { KeepAlive } from '../models/stale.ts';
import { ProblemError } from '../problems.ts';
import { elapsedSince } from '../runtime/elapsed.ts';
import { createGauge } from '../runtime/gauge.ts';
import { logEvent } from '../telemetry/log.ts';
import type { ShadowPair, Shadows } from '../telemetry/shadows.ts';
import { type Compared, differenceOf, type RowAnswer } from './compared.ts';

/** Copies that an isolate holds at one time. */
const MAX_COPIES = 8;
/** Milliseconds in which an answer is on its way before its copy is looked at, and how often it is looked at. */
const PAUSE_MS = 5;
const LOOKS = 20;
/** Milliseconds after which a copy that makes no progress holds nothing any more. */
const LEASE_MS = 30_000;

/** A request as a version can be asked it again. */
export interface CopiedRequest {
  /** The graphs that the operation may run. */
  readonly graphs: readonly GraphName[];
  /** The parts of the answers that are compared; undefined if only failures and durations are counted. */
  readonly compared: Compared | undefined;
  /** Asks a version. @throws if it cannot answer at all. */
  readonly ask: (manifest: Manifest) => Promise<readonly RowAnswer[]>;
}

export interface Shadowing {
  /**
   * Copies a request that has been answered, if its model has a shadow and the request is in the shadow's share.
   * @param copied Makes the copy; undefined for a request that is too large to be held.
   */
  copy(answered: Answered, copied: () => CopiedRequest | undefined): void;
}

/** A request, and the version that answered it. */
export interface Answered {
  readonly requestId: string;
  readonly operation: OperationName;
  readonly manifest: Manifest;
}

interface ShadowingParts {
  readonly models: Models;
  readonly shadows: Shadows;
  readonly inFlight: InFlight;
  readonly keepAlive: KeepAlive;
}

/** Creates what copies the requests of an isolate. */
export function createShadowing({ models, shadows, inFlight, keepAlive }: ShadowingParts): Shadowing {
  // Gauges, as the code of a request may be ended at any time, and would then never give a turn back.
  const [copies, turns] = [createGauge(), createGauge()];
  const told = new Set<string>();
  let copied = 0;

  const compare = async (pair: ShadowPair, answered: Manifest, shadow: Shadow, request: CopiedRequest) => {
    const turn = turns.share(LEASE_MS);
    const isFree = () => isIdle(inFlight) && turn.resize(1, 0);
    for (let look = 1; await pause(PAUSE_MS).then(() => !isFree()); look++)
      if (look === LOOKS) return shadows.dropped(pair);
    let asking = pair.shadow;
    try {
      const manifest = await shadow.admitted();
      if (manifest === undefined) throw new Error('it cannot be loaded');
      await loaded(models, manifest, request.graphs);
      const ask = (version: Manifest) => {
        asking = version.version;
        return measured(() => request.ask(version));
      };
      // In turns, so that none is always the first to find memory cold.
      copied += 1;
      const first = copied % 2 === 0 ? await ask(manifest) : undefined;
      const production = await ask(answered);
      const own = first ?? (await ask(manifest));
      const durations = { production: production.milliseconds, shadow: own.milliseconds };
      const difference = differenceOf(request.compared, production.answers, own.answers);
      shadows.answered({ ...pair, shadow: manifest.version }, difference, durations);
    } catch (error) {
      // Production has answered before: that it cannot now, for instance for want of the bucket, says nothing of the shadow.
      if (asking === answered.version) return shadows.dropped(pair);
      shadows.failed(pair);
      const subject = `the shadow ${pair.model}@${pair.shadow} could not answer ${pair.operation}`;
      // A problem may repeat what a client has sent.
      const [what, cause] =
        error instanceof ProblemError ? [`${subject}: ${error.slug}`, error.cause] : [subject, error];
      if (!told.has(subject)) logEvent(what, cause);
      told.add(subject);
    } finally {
      turn.release();
    }
  };

  return {
    copy: ({ requestId, operation, manifest }, copyOf) => {
      const shadow = models.shadowOf(manifest);
      if (shadow === undefined || !isInShare(`${manifest.name} shadow`, requestId, shadow.percentage)) return;
      const { name: model, version: production } = manifest;
      const pair = { ...{ model, production, operation }, shadow: shadow.version };
      const held = copies.share(LEASE_MS);
      const request = held.resize(1, MAX_COPIES) ? copyOf() : undefined;
      if (request === undefined) {
        held.release();
        shadows.dropped(pair);
        return;
      }
      keepAlive(compare(pair, manifest, shadow, request).finally(() => held.release()));
    },
  };
}

/** Loads the graphs of a version, so that the time for it is not taken for that of an answer. */
async function loaded(models: Models, manifest: Manifest, graphs: readonly GraphName[]): Promise<void> {
  for (const graph of graphs) if (manifest.graphs[graph] !== undefined) await models.load(manifest, graph);
}

/** Measures the time to an answer. In Workers, the clock moves on only with input and output, such as a timer. */
async function measured(ask: () => Promise<readonly RowAnswer[]>) {
  await pause(0);
  const start = performance.now();
  const answers = await ask();
  await pause(0);
  return { answers, milliseconds: elapsedSince(start) };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
