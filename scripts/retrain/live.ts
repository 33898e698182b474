/** The serving Worker, as its clients see it. */

import { AdminStats } from '../../shared/adminApi.ts';
import { ANSWERED, type KnownAnswers, type ProbedOperation } from '../../shared/answers.ts';
import { LOG_HEADER } from '../../shared/loggedRows.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { commandLine } from '../cli/places.ts';
import { apiAddress } from '../worker/apiAddress.ts';
import type { ApiAccess } from '../worker/budget/measureBudget.ts';
import { reasonOf } from './reason.ts';

/** Result of one request. */
export interface Probe {
  readonly ms: number;
  /**
   * Description of a failure or a wrong answer; undefined if the answer was right, or came from another
   * version.
   */
  readonly problem: string | undefined;
  /** The version that answered; null if none did. */
  readonly version: string | null;
  /** True if the Worker refused the key, as it will again. */
  readonly isRefused?: boolean;
  /** True if the Worker knows no version by this address, as an alias that it has not read yet. */
  readonly isUnknown?: boolean;
}

/** A version to probe, with its known answers and its address. */
export interface ProbedVersion {
  readonly manifest: Manifest;
  /** The answers that this version must give. */
  readonly known: KnownAnswers;
  /** `production`, `canary` or a version; undefined to address the model by its name alone, as clients do. */
  readonly selector?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LiveWorker {
  readonly url: string;
  /** Requests one operation for the known rows, or the known user. Never rejects: a failure is a `problem`. */
  probe(operation: ProbedOperation, probed: ProbedVersion): Promise<Probe>;
  /**
   * Makes the Worker reread aliases now. Returns why it does not, and when it does so by itself, for people; undefined if it
   * has.
   */
  reload(): Promise<string | undefined>;
  /** Returns the statistics of the isolate that answers; undefined if the key does not permit it, or there is no answer. */
  stats(): Promise<AdminStats | undefined>;
  /** Why the key did not permit the statistics that were asked for last; undefined if it did, or there was no answer. */
  statsRefusal(): string | undefined;
}

/** Stands for the URL of a Worker that is not going to be queried. */
export const NOWHERE = 'https://worker.invalid';

const ANSWER_WITHIN = 15;

/** The status for a key that a Worker does not know. */
export const UNAUTHORIZED = 401;
/** That one, and the one for a key without the scope. */
export const NO_ACCESS = new Set([UNAUTHORIZED, 403]);

/** Says which key a Worker refused, and how another one is sent. */
export function keyAdvice(key: string | undefined): string {
  const own = process.env.LATENTEDGE_API_KEY;
  const sent =
    key === undefined
      ? 'No key was sent, as the environment variable LATENTEDGE_API_KEY is not set'
      : key === own
        ? 'The key was taken from the environment variable LATENTEDGE_API_KEY'
        : 'The key was taken from artifacts/.serving.json, which the running Worker of this machine has written';
  return `${sent}: to send another one, with the scopes infer and admin, export LATENTEDGE_API_KEY=<key>; "${commandLine('key')} --name retrain --scopes infer admin" makes one.`;
}

export const headersOf = (key: string | undefined): Record<string, string> =>
  key === undefined ? {} : { Authorization: `Bearer ${key}` };

/** Returns how a Worker that is built from the same code, and runs on this machine, is called. */
export function accessOf(url: string, key: string | undefined): ApiAccess {
  return { path: new URL(url).pathname.replace(/\/$/, ''), headers: headersOf(key) };
}

/**
 * @param key API key with the scopes `infer` and `admin`; undefined if the Worker is open.
 * @param answerWithin Seconds for which an answer is waited for.
 */
export function liveWorker(url: string, key: string | undefined, answerWithin = ANSWER_WITHIN): LiveWorker {
  const authorization = headersOf(key);
  let statsRefusal: string | undefined;
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(apiAddress(url, path), {
      ...init,
      headers: { ...authorization, ...(init.headers as Record<string, string>) },
      signal: AbortSignal.timeout(answerWithin * 1000),
    });
  return {
    url,
    probe: async (operation, { manifest, known, selector, headers = {} }) => {
      const reference = selector === undefined ? manifest.name : `${manifest.name}@${selector}`;
      const started = performance.now();
      const finished = (problem?: string, version: string | null = null): Probe => ({
        ...{ ms: performance.now() - started, problem, version },
      });
      try {
        const response = await ask(`/v1/models/${reference}/${operation}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', [LOG_HEADER]: 'no', ...headers },
          body: JSON.stringify(askedOf(operation, known)),
        });
        const body = (await response.json()) as Record<string, unknown>;
        const version = response.headers.get('X-Model-Version');
        if (!response.ok) {
          const problem = `${reference}/${operation}: ${response.status}, ${body.detail}`;
          if (response.status === 404) return { ...finished(problem, version), isUnknown: true };
          if (!NO_ACCESS.has(response.status)) return finished(problem, version);
          return { ...finished(`${problem} ${keyAdvice(key)}`, version), isRefused: true };
        }
        if (version !== manifest.version) return finished(undefined, version);
        const wrong = wrongIn(operation, known, body, manifest);
        return finished(wrong && `${reference}/${operation}: ${wrong}`, version);
      } catch (error) {
        return finished(`${reference}/${operation}: ${reasonOf(error)}`);
      }
    },
    reload: async () => {
      const response = await ask('/admin/reload', { method: 'POST' }).catch(() => undefined);
      await response?.body?.cancel();
      if (response?.ok) return undefined;
      const isRefused = response !== undefined && NO_ACCESS.has(response.status);
      const did = isRefused ? 'refused the key for' : 'did not do';
      return `the Worker ${did} /admin/reload (${response?.status ?? 'no answer'}), and rereads the aliases within its ALIASES_TTL_SECONDS`;
    },
    stats: async () => {
      const response = await ask('/admin/stats').catch(() => undefined);
      statsRefusal =
        response && NO_ACCESS.has(response.status)
          ? `/admin/stats: ${response.status}. ${keyAdvice(key)}`
          : undefined;
      // A Worker may hang in the middle of its answer, too.
      const text = response?.ok ? await response.text().catch(() => undefined) : undefined;
      return text === undefined ? undefined : AdminStats.parse(JSON.parse(text));
    },
    statsRefusal: () => statsRefusal,
  };
}

function askedOf(operation: ProbedOperation, { rows, recommend }: KnownAnswers): unknown {
  return operation === 'recommend' ? { items: recommend!.items, k: recommend!.recommended.length } : { rows };
}

/** Describes what is wrong in an answer; undefined if nothing is. */
function wrongIn(
  operation: ProbedOperation,
  { answers, recommend }: KnownAnswers,
  body: Readonly<Record<string, unknown>>,
  manifest: Manifest,
): string | undefined {
  if (operation !== 'recommend') return difference(answers[operation]!, body[ANSWERED[operation]], manifest);
  const received = (body.items ?? []) as readonly { readonly item: string; readonly score: number }[];
  const { recommended } = recommend!;
  const scores = (items: typeof received) => [items.map(({ score }) => score)];
  const wrong = difference(scores(recommended), scores(received), manifest);
  // The last ones may be others with about the same score.
  const missing = recommended.slice(0, 3).find(({ item }) => !received.some((each) => each.item === item));
  return wrong ?? (missing && `expected item ${missing.item} among the first ${received.length}`);
}

/**
 * Describes the first value that differs from the known one by more than the parity tolerance of the
 * manifest.
 */
function difference(
  expected: readonly (readonly (number | null)[])[],
  received: unknown,
  { parity }: Manifest,
): string | undefined {
  const values = (received as (number | null)[][] | undefined)?.flat() ?? [];
  const wanted = expected.flat();
  if (values.length !== wanted.length) return `expected ${wanted.length} values, received ${values.length}`;
  const magnitude = Math.max(1, ...wanted.map((value) => Math.abs(value ?? 0)));
  const at = wanted.findIndex(
    (value, i) => !(Math.abs((value ?? 0) - (values[i] ?? 0)) <= parity.tolerance * magnitude),
  );
  return at < 0 ? undefined : `value ${at}: expected ${wanted[at]}, received ${values[at]}`;
}
