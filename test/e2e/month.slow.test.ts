/**
 * A month of retraining two models, under load. Runs are in this process, and die by their bucket's last answer;
 * retrainFaults.slow.test.ts kills processes.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAliases } from '../../scripts/retrain/aliases.ts';
import type { RetrainOptions } from '../../scripts/retrain/context.ts';
import { rollBack } from '../../scripts/retrain/control.ts';
import { historyLines } from '../../scripts/retrain/historyLines.ts';
import { openJournal } from '../../scripts/retrain/journal.ts';
import { liveWorker } from '../../scripts/retrain/live.ts';
import { aliasRelease } from '../../scripts/retrain/release/aliases.ts';
import { retrain } from '../../scripts/retrain/retrain.ts';
import { answersOf, readStored } from '../../scripts/retrain/stored.ts';
import type { Target } from '../../scripts/retrain/targets/target.ts';
import { listAll, type ModelBucket } from '../../scripts/store/bucket.ts';
import { type LocalWorker, serveLocally } from '../../scripts/worker/local.ts';
import type { Aliases } from '../../shared/aliases.ts';
import type { KnownAnswers } from '../../shared/answers.ts';
import { GateError, InputError } from '../../shared/errors.ts';
import { random } from '../../shared/random.ts';
import { keptFolder } from '../support/data/data.ts';
import { arrival, MISHAPS, type Mishap, NIGHTS, ROLLED_BACK, world } from '../support/data/nights/month.ts';
import { type Fate, mortalBucket } from '../support/data/nights/mortalBucket.ts';
import { deliveries, machines, type Schema } from '../support/data/nights/schemas.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';
import { type Load, startLoad } from '../support/edge/load.ts';
import { nativeCodes } from '../support/edge/nativeCodes.ts';

const SCHEMAS = [deliveries, machines];
const SET = ['epochs=15', 'hidden=[16]', 'codeSize=3', 'batchSize=32', 'checkpointEvery=0'];

let worker: LocalWorker;
let bucket: ModelBucket;
let folder: string;

beforeAll(async () => {
  folder = keptFolder();
  mkdirSync(join(folder, 'artifacts'), { recursive: true });
  worker = await serveLocally([], { runtime: 'stock', log: () => undefined });
  bucket = await worker.bucket();
});
afterAll(() => worker.dispose());

function targetOf(own: ModelBucket): Target {
  const live = liveWorker(worker.url.href, worker.key);
  return {
    name: 'local',
    bucket: own,
    live,
    release: aliasRelease(live),
    rows: () => worker.bucket('ROWS'),
    close: async () => undefined,
  };
}

/** Runs a night, up to its end or its death. */
async function run({ name }: Schema, data: string, fate: Fate, flags: Partial<RetrainOptions>) {
  const own = mortalBucket(bucket, fate);
  const outcome = retrain({
    ...{ recipe: 'tabular', target: targetOf(own.bucket), lockSeconds: 2, wait: 30 },
    command: { line: 'npm run retrain -- tabular', trains: true },
    options: {
      ...{ name, data, out: join(folder, 'artifacts'), engine: 'onnxruntime', seed: 1, threads: 1 },
      ...{ set: SET, limits: {}, accept: [], allowBreaking: false, dryRun: false },
      ...{ watch: 30, canaryAnswers: 10, shadowAnswers: 10, fewAnswers: 'refuse' },
      ...flags,
    },
    ...{ signal: new AbortController().signal, print: () => undefined, ended: () => undefined },
  }).then(
    (done) => done.outcome,
    (error: unknown) => {
      if (error instanceof GateError) return 'refused';
      if (error instanceof InputError) return 'failed';
      throw error;
    },
  );
  return { ending: await Promise.race([outcome, own.death]), requests: own.requests() };
}

/** What every Worker relies on at any moment: valid aliases that name complete versions. */
async function inOrder({ name }: Schema): Promise<Aliases | undefined> {
  const { aliases } = await readAliases(bucket, `${name}/aliases.json`);
  for (const version of [aliases?.production, aliases?.canary?.version, aliases?.previous])
    if (version !== undefined) await readStored(bucket, name, version);
  return aliases;
}

/** The mean error of fresh rows of the last day, by each version in the bucket. */
async function errors(schema: Schema): Promise<Map<string, number>> {
  const { delimitedPrefixes } = await listAll(bucket, { prefix: `${schema.name}/`, delimiter: '/' });
  const { columns, rowCount } = world(schema, NIGHTS, 9000, 300);
  const found = new Map<string, number>();
  for (const version of delimitedPrefixes.map((each) => each.split('/')[1]!)) {
    if (version === 'retrain') continue;
    const { manifest } = await readStored(bucket, schema.name, version);
    const known = columns.filter(({ name }) =>
      manifest.graphs.encoder!.inputs.some((input) => input.name === name),
    );
    const rows = Array.from({ length: rowCount }, (_, row) =>
      known.map((column) =>
        column.type === 'category' ? column.categories[column.codes[row]!]! : column.values[row]!,
      ),
    );
    const response = await fetchFresh(new URL(`/v1/models/${schema.name}@${version}/score`, worker.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ rows }),
    });
    const body = (await response.json()) as { readonly scores: readonly { readonly error: number }[] };
    expect(body).toMatchObject({ scores: expect.any(Array) });
    found.set(version, body.scores.reduce((sum, { error }) => sum + error, 0) / rowCount);
  }
  return found;
}

it('ends with the best honest model, no wrong answer, and a history that tells all of it', async () => {
  const source = random(7, 'moments of death');
  const loads = new Map<Schema, { readonly load: Load; readonly rows: KnownAnswers['rows'] }>();
  const promoted = new Map<Schema, string[]>(SCHEMAS.map((schema) => [schema, []]));
  /** What the history must tell, in order; killed runs apart. */
  const told: RegExp[] = [];
  let refusedHonest = 0;
  /** Requests of the shortest run so far; some nights make a few more to the store. */
  let fewestRequests = Number.POSITIVE_INFINITY;

  const nightOf = async (schema: Schema, day: number): Promise<void> => {
    const mishap: Mishap = (schema === deliveries && MISHAPS[day]) || {};
    const before = await inOrder(schema);
    const canary = day > 5 && day % 5 === 3 ? 40 : undefined;
    const { fate = mishap.isKilled ? { diesAt: 1 + source.integer(fewestRequests) } : {} } = mishap;
    const flags = {
      ...(canary !== undefined && { canary }),
      // Said once, this holds for the challengers of all later nights.
      ...(schema === machines && day === 1 && { rows: false }),
    };
    const { ending, requests } = await run(schema, arrival(folder, schema, day, mishap), fate, flags);
    const after = await inOrder(schema);
    if (after?.production !== before?.production) promoted.get(schema)!.push(after!.production);
    if (mishap.isKilled) {
      expect([day, ending]).toEqual([day, 'dead']);
      // Dead with an active canary, which the next run takes back.
      if (mishap.fate?.diesAfter !== undefined) expect(after!.canary).toMatchObject({ percentage: canary });
      return;
    }
    expect([day, after?.canary]).toEqual([day, undefined]);
    if (Object.keys(mishap).length > 0) {
      expect([day, ending]).toEqual([day, mishap.poison === undefined ? 'failed' : 'refused']);
      expect(after!.production).toBe(before!.production);
      told.push(new RegExp(`  ${ending}.*; ${before!.production} stays  \\(`));
      return;
    }
    if (ending === 'refused') refusedHonest++;
    else {
      expect([schema.name, day, ending]).toEqual([schema.name, day, 'promoted']);
      expect(after!.previous).toBe(before?.production);
      if (canary === undefined) fewestRequests = Math.min(fewestRequests, requests);
    }
    if (schema === deliveries)
      told.push(new RegExp(ending === 'promoted' ? `  promoted ${after!.production}` : '  refused by'));
  };

  for (let day = 1; day <= NIGHTS; day++) {
    await Promise.all([nightOf(deliveries, day), ...(day % 6 === 1 ? [nightOf(machines, day)] : [])]);
    if (day === ROLLED_BACK) {
      const { previous } = (await inOrder(deliveries))!;
      expect((await rollBack(targetOf(bucket), 'deliveries')).aliases).toEqual({ production: previous });
      told.push(new RegExp(`  rollback: production ${previous}`));
    }
    for (const schema of SCHEMAS) {
      if (loads.has(schema)) continue;
      const { production } = (await inOrder(schema))!;
      const { rows } = answersOf(await readStored(bucket, schema.name, production))!;
      loads.set(schema, { load: startLoad(worker.url.href, schema.name, rows, 100), rows });
    }
  }

  expect(refusedHonest).toBeLessThanOrEqual(1);
  for (const [schema, { load, rows }] of loads) {
    const { production } = (await inOrder(schema))!;
    expect(production).toBe(promoted.get(schema)!.at(-1));
    for (const version of promoted.get(schema)!) {
      const { manifest } = await readStored(bucket, schema.name, version);
      expect(manifest.data.withRows).toBe(schema === machines ? false : undefined);
    }
    const found = await errors(schema);
    expect(found.get(production)).toBeLessThan(1.05 * Math.min(...found.values()));
    const { answers, problems } = await load.stop();
    expect(problems).toEqual([]);
    expect(answers.size).toBeGreaterThan(2);
    for (const [version, texts] of answers) {
      // The same rows had the same answer every time, and it was the right one.
      expect(texts.size).toBe(1);
      const expected = await nativeCodes(await readStored(bucket, schema.name, version), rows);
      const codes = (JSON.parse([...texts][0]!) as number[][]).flat();
      for (const [i, code] of codes.entries()) expect(code).toBeCloseTo(expected[i]!, 3);
    }
  }
  const lines = historyLines((await openJournal(bucket, 'deliveries')).entries);
  const others: string[] = [];
  let found = 0;
  for (const line of lines) {
    if (told[found]?.test(line)) found++;
    else others.push(line);
  }
  expect([told[found], found]).toEqual([undefined, told.length]);
  // Those of killed runs that had begun, and of none else.
  const killed = Object.values(MISHAPS).filter(({ isKilled }) => isKilled);
  expect(others.length, others.join('\n')).toBeLessThanOrEqual(killed.length);
}, 600_000);
