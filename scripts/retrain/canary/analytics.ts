/**
 * Answers of all isolates, from the data points that the Worker writes to Workers Analytics Engine
 * (https://developers.cloudflare.com/analytics/analytics-engine/sql-api/). Points arrive after some seconds.
 */
import * as z from 'zod';
import { InputError } from '../../../shared/errors.ts';
import { analyticsDataset } from '../../worker/wranglerToml.ts';
import type { AnswersSource, CountedAnswers } from './answersSource.ts';

const API = 'https://api.cloudflare.com/client/v4';
const TIMEOUT_MS = 30_000;
/** Time between two queries; in between, the last answer counts. */
const PAUSE_MS = 5000;
/** Upper bounds of the durations, in milliseconds. */
const BOUNDS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000] as const;

/** Numbers may be text, as all integers of 64 bits are. */
const Rows = z.looseObject({
  data: z.array(z.looseObject({ version: z.string() }).catchall(z.coerce.number())),
});

/**
 * Counts the answers of a model from now on.
 * @throws {InputError} if wrangler.toml has no dataset, or the environment no account and token.
 */
export async function analyticsAnswers(model: string): Promise<AnswersSource> {
  const { CLOUDFLARE_ACCOUNT_ID: account, CLOUDFLARE_API_TOKEN: token } = process.env;
  if (!account || !token) {
    throw new InputError(
      '--answers-from analytics: expected CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN in the environment (a token with the permission Account Analytics: Read)',
    );
  }
  const url = `${process.env.CLOUDFLARE_API_BASE_URL ?? API}/accounts/${account}/analytics_engine/sql`;
  const sql = query(await analyticsDataset(), model, new Date());
  let [last, readAt]: [CountedAnswers | undefined, number] = [undefined, Number.NEGATIVE_INFINITY];
  return {
    read: async () => {
      if (performance.now() - readAt < PAUSE_MS) return last;
      last = countedIn(model, Rows.parse(JSON.parse(await asked(url, token, sql))).data);
      readAt = performance.now();
      return last;
    },
    where: () => 'in all isolates, according to Analytics Engine',
  };
}

/** A point stands for `_sample_interval` of them if there are many. */
export function query(dataset: string, model: string, since: Date): string {
  const durations = BOUNDS.map((bound, i) => `sumIf(_sample_interval, double2 <= ${bound}) AS up_to_${i}`);
  return `SELECT blob2 AS version, sum(_sample_interval) AS requests,
sumIf(_sample_interval, blob4 != '') AS errors,
${durations.join(',\n')}
FROM ${dataset}
WHERE index1 = '${model}' AND blob2 != '' AND blob3 != 'drift' AND timestamp >= toDateTime(${Math.floor(since.getTime() / 1000)})
GROUP BY version
FORMAT JSON`;
}

async function asked(url: string, token: string, sql: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: sql,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new InputError(`${url}: no answer; check the network`, { cause });
  });
  const text = await response.text();
  if (response.ok) return text;
  const remedy = [401, 403].includes(response.status)
    ? ': CLOUDFLARE_API_TOKEN needs the permission Account Analytics: Read'
    : `: ${text.slice(0, 300)}`;
  throw new InputError(`${url}: Cloudflare answered ${response.status}${remedy}`);
}

function countedIn(model: string, rows: z.infer<typeof Rows>['data']): CountedAnswers {
  return {
    isolate: 'all',
    durationBounds: BOUNDS.map((bound) => bound / 1000),
    models: rows.map(({ version, ...row }) => {
      const counts = row as Readonly<Record<string, number>>;
      const upTo = [...BOUNDS.map((_, i) => counts[`up_to_${i}`]!), counts.requests!];
      return {
        ...{ name: model, version, requests: counts.requests!, errors: counts.errors! },
        durations: upTo.map((count, i) => count - (upTo[i - 1] ?? 0)),
      };
    }),
  };
}
