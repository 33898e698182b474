/** The Worker that serves, as a client of it sees it. */

import { AdminStats, type ModelStats } from '../../shared/adminApi.ts';
import { ANSWERED, type AnsweredOperation, type KnownAnswers } from '../../shared/answers.ts';
import type { Manifest } from '../../shared/manifest.ts';

/** One request to it. */
export interface Probe {
  readonly ms: number;
  /** What was wrong with the answer; undefined where it was the known one. */
  readonly problem: string | undefined;
  /** Which version answered. */
  readonly version: string | null;
}

export interface Asked {
  readonly manifest: Manifest;
  /** Of this version: what must be answered. */
  readonly known: KnownAnswers;
  /** `production`, `canary` or a version; nothing is what clients ask. */
  readonly selector?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Live {
  readonly url: string;
  /** Asks one operation for the known rows. */
  probe(operation: AnsweredOperation, asked: Asked): Promise<Probe>;
  /** Has it look at once for what aliases say, where the key may ask for that; otherwise it does within its TTL. */
  reload(): Promise<void>;
  /** Undefined where the key may not see them, or there is no answer. */
  stats(): Promise<readonly ModelStats[] | undefined>;
}

/** In place of an address, where the Worker is not going to be asked. */
export const NOWHERE = 'https://worker.invalid';

const TIMEOUT_MS = 15_000;

/** @param key An API key with the scopes `infer` and `admin`, where the Worker has keys. */
export function liveWorker(url: string, key: string | undefined): Live {
  const authorization: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, url), {
      ...init,
      headers: { ...authorization, ...(init.headers as Record<string, string>) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
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
          headers: { 'Content-Type': 'application/json', ...headers },
          body: JSON.stringify({ rows: known.rows }),
        });
        const body = (await response.json()) as Record<string, unknown>;
        const version = response.headers.get('X-Model-Version');
        if (!response.ok)
          return finished(`${reference}/${operation}: ${response.status}, ${body.detail}`, version);
        if (version !== manifest.version) return finished(undefined, version);
        const wrong = difference(known.answers[operation]!, body[ANSWERED[operation]], manifest);
        return finished(wrong && `${reference}/${operation}: ${wrong}`, version);
      } catch (error) {
        return finished(`${reference}/${operation}: ${error instanceof Error ? error.message : error}`);
      }
    },
    reload: async () => {
      const response = await ask('/admin/reload', { method: 'POST' }).catch(() => undefined);
      await response?.arrayBuffer();
    },
    stats: async () => {
      const response = await ask('/admin/stats').catch(() => undefined);
      if (!response?.ok) return undefined;
      return AdminStats.parse(await response.json()).models;
    },
  };
}

/** In what an answer differs from the known one by more than runtimes may: the tolerance of the manifest's parity. */
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
  return at < 0 ? undefined : `expected ${wanted[at]} as value ${at}, received ${values[at]}`;
}
