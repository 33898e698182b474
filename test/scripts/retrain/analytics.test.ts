/** Answers by Analytics Engine: points as the Worker writes them, and a database that understands the query. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { writeDrift, writeRequest } from '../../../edge/telemetry/analytics.ts';
import { newRecord, type RequestRecord } from '../../../edge/telemetry/record.ts';
import { analyticsAnswers } from '../../../scripts/retrain/canary/analytics.ts';
import { answersJudge } from '../../../scripts/retrain/canary/judgeAnswers.ts';
import { tally } from '../../../scripts/retrain/canary/tally.ts';
import { InputError } from '../../../shared/errors.ts';
import { writeProject } from '../../support/commands/project.ts';
import { keptFolder } from '../../support/data/data.ts';

const DATABASE = `
CREATE TABLE latentedge (index1 TEXT, blob1 TEXT, blob2 TEXT, blob3 TEXT, blob4 TEXT,
  double1 DOUBLE, double2 DOUBLE, double3 DOUBLE, double4 DOUBLE, double5 DOUBLE,
  timestamp TIMESTAMPTZ, _sample_interval INTEGER);
CREATE MACRO sumIf(x, c) AS sum(CASE WHEN c THEN x ELSE 0 END);
CREATE MACRO quantileWeighted(level, x, weight) AS quantile_disc(x, level);
CREATE MACRO toDateTime(seconds) AS to_timestamp(seconds);
`;

let database: DuckDBConnection;
let server: Server;
let folder: string;

beforeAll(async () => {
  folder = keptFolder();
  writeProject(folder);
  database = await (await DuckDBInstance.create()).connect();
  for (const statement of DATABASE.split(';\n').filter((each) => each.trim() !== ''))
    await database.run(statement);
  server = createServer(async (request, response) => {
    let sql = '';
    for await (const chunk of request) sql += chunk;
    const isAllowed = request.headers.authorization === 'Bearer token';
    if (!isAllowed || request.url !== '/accounts/account/analytics_engine/sql') {
      response.writeHead(403).end();
      return;
    }
    const reader = await database.runAndReadAll(sql.replace('FORMAT JSON', ''));
    // Analytics Engine writes integers of 64 bits as text.
    const data = reader
      .getRowObjects()
      .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)])));
    response.end(JSON.stringify({ meta: [], data, rows: data.length }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  database.closeSync();
});
afterEach(() => {
  vi.restoreAllMocks();
});
beforeEach(() => {
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  vi.stubEnv('CLOUDFLARE_ACCOUNT_ID', 'account');
  vi.stubEnv('CLOUDFLARE_API_TOKEN', 'token');
  vi.stubEnv('CLOUDFLARE_API_BASE_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

/** Writes a point, which stands for `interval` of them. */
async function written(record: Partial<RequestRecord>, milliseconds: number, at: Date, interval = 1) {
  const points: { indexes: string[]; blobs: string[]; doubles: number[] }[] = [];
  const dataset = { writeDataPoint: (point: (typeof points)[number]) => points.push(point) };
  writeRequest(dataset, { ...newRecord(), operation: 'encode', ...record }, milliseconds);
  for (const { indexes, blobs, doubles } of points) {
    const values = [...indexes, ...blobs].map((text) => `'${text}'`).concat(doubles.map(String));
    await database.run(
      `INSERT INTO latentedge VALUES (${values}, NULL, NULL, '${at.toISOString()}', ${interval})`,
    );
  }
}

it('counts answers, failures and durations by version, since the canary began', async () => {
  const source = await analyticsAnswers('rain');
  expect(await (await analyticsAnswers('rain')).read()).toMatchObject({ models: [] });
  const now = new Date(Date.now() + 1000);
  const [a, b] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'];
  const failed = { problem: 'model-unavailable' } as const;
  await written({ model: 'rain', version: a }, 3, now, 100);
  await written({ model: 'rain', version: a, ...failed }, 2000, now, 10);
  await written({ model: 'rain', version: b }, 40_000, now, 7);
  // None of these counts: another model, before, without a version, and drift.
  await written({ model: 'wind', version: b }, 3, now);
  await written({ model: 'rain', version: b }, 3, new Date(Date.now() - 60_000));
  await written({ model: 'rain', ...failed }, 3, now);
  const drift = { rows: 9, score: 1, features: [], categories: [], reconstructionError: null };
  writeDrift(
    { writeDataPoint: ({ blobs }) => expect(blobs[2]).toBe('drift') },
    { name: 'rain', version: a },
    drift,
  );
  await written({ model: 'rain', version: b, operation: 'drift' }, 0, now);

  const counted = tally('rain');
  counted.add({ isolate: 'all', durationBounds: [], models: [] });
  counted.add((await source.read())!);
  const counts = counted.counts(a);
  expect(counts).toMatchObject({ answers: 110, errors: 10 });
  const known = Object.fromEntries(
    counts.durations.flatMap((count, i) => (count === 0 ? [] : [[counted.bounds[i] ?? 'more', count]])),
  );
  expect(known).toEqual({ 0.005: 100, 2.5: 10 });
  expect(counted.counts(b)).toMatchObject({ answers: 7, errors: 0 });
  expect(counted.counts(b).durations.at(-1)).toBe(7);
  const judge = answersJudge(counted, { production: a, canary: b, ownRequests: () => 2 });
  expect(judge.answers()).toEqual({ production: 108, canary: 5 });
  // A second look soon after asks nobody.
  await written({ model: 'rain', version: a }, 3, now, 100);
  expect((await source.read())!.models.find(({ version }) => version === a)!.requests).toBe(110);
});

it('the queries of the documentation tell requests, failures and drift by version', async () => {
  const docs = readFileSync(join(import.meta.dirname, '../../../docs/deploying.md'), 'utf8');
  const [requests, drift] = [...docs.matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => sql!);
  const now = new Date();
  const version = 'cccccccccccc';
  for (let ms = 1; ms <= 100; ms++) await written({ model: 'digits', version }, ms, now);
  await written({ model: 'digits', version, problem: 'model-unavailable' }, 1, now);
  await written({ model: 'digits', version }, 9000, new Date(Date.now() - 2 * 3_600_000));
  await database.run(
    `INSERT INTO latentedge (index1, blob2, blob3, double4, timestamp) VALUES ('digits', '${version}', 'drift', 0.4, now())`,
  );
  const rowsOf = async (sql: string) =>
    (await database.runAndReadAll(sql)).getRowObjects().map((row) => ({
      ...Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])),
      version: row.version,
    }));
  expect(await rowsOf(requests!)).toEqual([{ version, requests: 101, failures: 1, p95: 95 }]);
  expect(await rowsOf(drift!)).toEqual([{ version, score: 0.4 }]);
});

it('names what is missing', async () => {
  vi.stubEnv('CLOUDFLARE_API_TOKEN', 'other');
  const source = await analyticsAnswers('rain');
  await expect(source.read()).rejects.toThrow('needs the permission Account Analytics: Read');
  vi.stubEnv('CLOUDFLARE_API_TOKEN', '');
  await expect(analyticsAnswers('rain')).rejects.toThrow(InputError);
});
